/**
 * Hosts that a visitor passes through in the middle of a visit and comes back from: they brought nobody, so as referrers they count as none.
 * A domain covers what is below it, `name.*` stands for the name in every country. Gathered from the providers' integration guides (the host
 * that a customer is redirected to) and from referral exclusion lists that others published. A host whose first label says what it does
 * (`checkout.`, `login.`, `acs1.`, `consent.`) needs no entry: `isIntermediary` knows it.
 */
export const intermediaryFacts: Record<string, string> = {
  // The customer pays on the provider's page and is sent back to the shop.
  paymentWorldwide: `
    paypal.com paypal.me paypalobjects.com venmo.com stripe.com stripe.network link.com klarna.com klarna.net klarnapayments.com adyen.com
    adyenpayments.com worldpay.com checkout.com mollie.com braintreegateway.com braintree-api.com braintreepayments.com authorize.net
    squareup.com square.link checkout.square.site paddle.com afterpay.com clearpay.co.uk affirm.com sezzle.com quadpay.com zip.co payments.amazon.com pay.amazon.com
    apay-us.amazon.com pay.google.com payments.google.com 2checkout.com verifone.cloud fastspring.com onfastspring.com globalcollect.com
    ingenico.com ogone.com v-psp.com worldline-solutions.com worldline.com wlp-acs.com bluesnap.com cybersource.com nuvei.com safecharge.com
    paysafe.com paysafecard.com skrill.com moneybookers.com neteller.com trustly.com trustly.net britepayments.com truelayer.com tink.com
    gocardless.com checkout.revolut.com sso.revolut.com pay.sumup.com vivapayments.com vivawallet.com oppwa.com aciworldwide.com
    paymentiq.io rapyd.net dlocal.com payu.com payulatam.com alipay.com tenpay.com 95516.com unionpayintl.com razorpay.com paytm.in
    ccavenue.com billdesk.com cashfree.com mercadopago.com mercadopago.com.br pagseguro.uol.com.br iyzico.com iyzipay.com paytr.com
    yookassa.ru yoomoney.ru robokassa.ru robokassa.com cloudpayments.ru payfast.co.za paystack.com flutterwave.com paytabs.com telr.com
    ewaypayments.com windcave.com paymentexpress.com polipayments.com zipmoney.com.au chargebee.com recurly.com chargify.com lemonsqueezy.com
    bitpay.com coingate.com commerce.coinbase.com plaid.com`,
  paymentNorway: `
    vipps.no vippsmobilepay.com nets.eu nets.no netaxept.no ditonlinebetalingssystem.dk dibspayment.eu dibspayment.com dibs.se dibs.dk bambora.com epay.eu epay.dk
    swedbankpay.com swedbankpay.no payex.com payex.no svea.com sveaekonomi.no sveaekonomi.se walleypay.com walleydev.com collector.no
    collectorbank.no collector.se dintero.com two.inc resurs.com resursbank.no resursbank.se resursbank.dk resursbank.fi avarda.com avarda.no
    qliro.com qliro.no strex.no bankaxept.no zettle.com izettle.com paywithmybank.com`,
  paymentSweden: `
    swish.nu getswish.net payson.se billmate.se billmate.com qliro.se ecster.se ecster.com paynova.com auriganet.eu zaver.com zaver.se
    payer.se wasakredit.se zimpler.com zimpler.net`,
  paymentDenmark: `
    mobilepay.dk quickpay.net quickpay.dk onpay.io onpay.dk pensopay.com reepay.com frisbii.com freepay.dk altapay.com altapaysecure.com
    yourpay.dk yourpay.io viabill.com anyday.io sparxpres.dk clearhaus.com dankort.dk swiipe.com`,
  paymentFinland: `
    mobilepay.fi paytrail.com verkkomaksut.fi checkout.fi siirto.fi maksuturva.fi paybyway.com vismapay.com bambora.fi kultaraha.op.fi pivo.fi
    epassi.fi smartum.fi edenred.fi mash.com jousto.com`,
  paymentIceland: 'valitor.is valitor.com valitorpay.com borgun.is teya.com saltpay.co netgiro.is pei.is korta.is',
  paymentNetherlandsAndBelgium: `
    ideal.nl idealapi.nl wero-wallet.eu betalen.rabobank.nl betaalverzoek.rabobank.nl buckaroo.nl multisafepay.com pay.nl sisow.nl icepay.com
    icepay.eu rabosmartpay.nl targetpay.com digiwallet.nl in3.nl afterpay.nl riverty.com billink.nl spraypay.nl tikkie.me payconiq.com
    bancontact.com bancontact.net payconiq.be docdatapayments.com cmcheckout.com girogate.be girogate.de`,
  paymentGermanySwitzerlandAustria: `
    sofort.com giropay.de paydirekt.de wirecard.com unzer.com heidelpay.com heidelpay.de hpcgw.net payone.com pay1.de bs-card-service.com
    secupay.ag novalnet.de computop.com computop-paygate.com computop.de concardis.com ratepay.com billpay.de easycredit-ratenkauf.de
    barzahlen.de micropayment.de saferpay.com six-payment-services.com six-payment-services.ch datatrans.com datatrans.ch
    datatrans.biz e-payment.postfinance.ch checkout.postfinance.ch twint.ch wallee.com payrexx.com byjuno.ch cembrapay.ch powerpay.ch
    swissbilling.ch eps-ueberweisung.at hobex.at qenta.com qenta.at wirecard.at payunity.com cardcomplete.com`,
  paymentUnitedKingdomAndIreland: `
    sagepay.com opayo.co.uk opayo.io elavonpaymentgateway.com realexpayments.com globalpay.com globalpaymentsinc.com pay360.com secpay.com
    cardstream.com trustpayments.com securetrading.net epdq.co.uk barclaycardsmartpay.com ecospend.com takepayments.com dojo.tech
    paymentsense.com`,
  paymentFrance: `
    payzen.eu systempay.fr lyra.com payplug.com paybox.com e-transactions.fr monetico-services.com sips-services.com sips-atos.com
    mercanet.bnpparibas.net hipay.com hipay-tpp.com stancer.com lydia-app.com paylib.fr getalma.eu almapay.com oney.io oney.fr floapay.com
    mangopay.com lemonway.com scellius.fr`,
  paymentSpainAndPortugal: `
    redsys.es sermepa.es bizum.es ceca.es addonpayments.com paycomet.com aplazame.com sequra.es sequra.com universalpay.es sibs.pt easypay.pt
    eupago.pt ifthenpay.com mbway.pt`,
  paymentItaly: `
    nexi.it nexigroup.com nexipayments.com satispay.com gestpay.net axerve.com ecomm.sella.it postepay.it securelogin.poste.it monetaonline.it
    pagamenti.unicredit.it scalapay.com sia.eu keyclient.it pagopa.gov.it`,
  paymentPolandCzechiaAndTheEast: `
    przelewy24.pl payu.pl tpay.com dotpay.pl blik.com blikmobile.pl paynow.pl autopay.pl bm.pl bluemedia.pl imoje.pl hotpay.pl espago.com
    cashbill.pl paypo.pl twisto.pl twisto.cz gopay.com gopay.cz comgate.cz gpwebpay.com thepay.cz pays.cz besteron.com trustpay.eu simplepay.hu
    otpmobil.hu barion.com mobilpay.ro netopia-payments.com euplatesc.ro plationline.ro epay.bg borica.bg easypay.bg cardlink.gr
    alphaecommerce.gr wspay.biz wspay.info corvuspay.com monri.com bankart.si liqpay.ua fondy.eu wayforpay.com portmone.com.ua`,
  paymentBalticStates: `
    maksekeskus.ee makecommerce.net everypay.ee every-pay.eu every-pay.com montonio.com paysera.com esto.ee esto.eu inbank.ee klix.app opay.lt
    neopay.lt kevin.eu`,
  // The bank asks for a second factor: 3-D Secure.
  cardAuthentication: `
    cardinalcommerce.com arcot.com 3dsecure.no 3dsecure.io rsa3dsauth.com rsa3dsauth.co.uk enstage-sas.com modirum.com touchtechpayments.com
    netcetera-payment.ch netcetera-cloud-payment.ch securesuite.net securesuite.co.uk securecode.com verifiedbyvisa.com acs2.edb.com activa-card.com
    secure7gw.ro gps-acs.com placard.eu 3d-secure.pl cardsecure.de`,
  // The visitor logs in with an account elsewhere.
  loginWorldwide: `
    accounts.google.* accounts.youtube.com login.microsoftonline.com login.microsoftonline.us microsoftonline.com microsoftonline.de
    microsoftonline.cn login.microsoft.com login.live.com account.live.com account.microsoft.com login.windows.net b2clogin.com ciamlogin.com
    appleid.apple.com idmsa.apple.com account.apple.com login.yahoo.com login.aol.com auth0.com auth0app.com okta.com okta-emea.com oktapreview.com onelogin.com
    pingidentity.com pingone.com pingone.eu accounts.dev clerk.com amazoncognito.com fusionauth.io frontegg.com stytch.com
    authkit.app kinde.com zitadel.cloud jumpcloud.com duosecurity.com securid.com gigya.com loginradius.com rpxnow.com id.me login.gov
    seamlessaccess.org openathens.net onegini.com onewelcome.com mojoauth.com descope.com`,
  // Electronic identities of Norway, and the logins that schools and authorities share.
  loginNorway: `
    bankid.no vippslogin.no idporten.no eid.difi.no minid.no ansattporten.no altinn.no buypass.no buypassid.no commfides.com feide.no
    dataporten.no signicat.com signicat.io idfy.io idfy.no criipto.com criipto.id idura.app idura.eu id.posten.no id.nav.no id.dnb.no
    login.schibsted.com payment.schibsted.no spid.no aid.no`,
  loginSweden: `
    bankid.com frejaeid.com freja.com grandid.com funktionstjanster.se elegnamnden.se zignsec.com idp.skolverket.se
    sso.inera.se verified.eu`,
  loginDenmark:
    'mitid.dk nemlog-in.dk nemid.nu danid.dk nets-danid.dk medarbejdersignatur.dk unilogin.dk wayf.dk penneo.com nemadgang.dk',
  loginFinlandAndIceland: `
    tunnistautuminen.suomi.fi tunnistus.fi tunnistus.suomi.fi mobiilivarmenne.fi vetuma.fi haka.funet.fi mpass-id.fi
    innskraning.island.is audkenni.is`,
  loginBalticStates: 'tara.ria.ee govsso.ria.ee id.ee smart-id.com sk.ee eparaksts.lv epaslaugos.lt dokobit.com',
  loginRestOfEurope: `
    digid.nl eherkenning.nl idin.nl surfconext.nl itsme.be itsme-id.com itsme.services csam.be iamfas.belgium.be verimi.de netid.de
    id.bund.de accounts.login.idm.telekom.com aai.dfn.de handy-signatur.at id-austria.gv.at a-trust.at swissid.ch agov.ch
    eiam.admin.ch eduid.ch franceconnect.gouv.fr spid.gov.it identity.infocert.it posteid.poste.it idserver.servizicie.interno.gov.it
    identity.sieltecloud.it id.lepida.it loginspid.aruba.it clave.gob.es autenticacao.gov.pt login.gov.pl pz.gov.pl mojeid.pl mojeid.cz bankid.cz
    identita.gov.cz slovensko.sk ecas.ec.europa.eu signin.account.gov.uk`,
  // The visitor is asked for consent on a page of its own, and goes on from there.
  consent: `
    cookiebot.com onetrust.com cookielaw.org cookiepro.com trustarc.com truste.com usercentrics.eu usercentrics.com didomi.io privacy-center.org
    sourcepoint.com sp-prod.net privacy-mgmt.com consensu.org iubenda.com cookieyes.com cookieinformation.com cookiefirst.com cookiehub.net
    cookiehub.eu termly.io osano.com axept.io axeptio.eu consentmanager.net trustcommander.net consent.google.* consent.youtube.com guce.yahoo.com
    guce.oath.com guce.advertising.com guce.aol.com myprivacy.dpgmedia.nl myprivacy.dpgmedia.be cookie-script.com secureprivacy.ai`,
  // The visitor shows that they are a person, or waits for their turn.
  captchaAndWaitingRooms: `
    challenges.cloudflare.com hcaptcha.com captcha-delivery.com recaptcha.net perfdrive.com arkoselabs.com funcaptcha.com geetest.com
    friendlycaptcha.com friendlycaptcha.eu queue-it.net`,
  // The visitor reads a page in another language: mostly the site's own, and the host says not whose.
  translation: `
    translate.googleusercontent.com translatetheweb.com translatoruser-int.com translatoruser.net microsofttranslator.com
    translated.turbopages.org translate.yandex.* fanyi.baidu.com fanyi.youdao.com papago.naver.net papago.naver.com translate.baiducontent.com`,
};
