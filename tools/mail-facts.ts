/**
 * Domains of mail providers that the package lacks, by country: providers open to anybody, and access providers whose subscribers get an
 * address. Gathered from the providers' own pages, Thunderbird's ISP database and lists of personal mail domains that others published.
 */
export const missingProviders: Record<string, string> = {
  // Power companies and co-operatives lay the fibre in most of Norway, and their subscribers write from the network's domain.
  norway: `
    online.no broadpark.no live.no hotmail.no yahoo.no outlook.no getmail.no frisurf.no start.no lyse.net altibox.no altiboxmail.no
    tele2.no enitel.no chello.no nextgentel.com nextgentel.no ngt.no epost.no sensewave.com c2i.net ebnett.no haugnett.no bkkfiber.no
    loqal.no tafjord.net eidsiva.net monet.no adsl.no bbnett.no bluezone.no losmail.no mimer.no netcom.no ntebb.no tiscali.no spray.no
    hjemme.no halden.net vikenfiber.no sf-nett.no sfjbb.net enivest.net enivest.no tussa.com tussanett.no combitel.no signal.no
    svorka.net kvamnet.no powertech.no nktv.no smartnett.no neasonline.no neasenett.no neasnett.no istad.no rfrisk.no hesbynett.no
    wemail.no vktv.no vkbb.no kraftlaget.no tikkbb.no vfiber.no fiber.no ktvnett.no kvinnherad.net knett.no tdcadsl.no dlnett.no
    nordnett.no vestnett.no mail.no post.no sol.no eunet.no hlink.no trollfjord.net canaldigital.no telenor.no telia.no
    neanett.no oppdal.com`,
  sweden: `
    hotmail.se live.se outlook.se yahoo.se msn.se telia.com telia.se comhem.se bredband.net bredband2.com tele2.se passagen.se
    swipnet.se glocalnet.net bahnhof.se ownit.nu ownit.se home.se spray.se fastmail.se posteo.se gmx.se aol.se bostream.nu bostream.se
    tninet.se algonet.se utfors.se chello.se riksnet.nu riksnet.se ac-net.se alltele.com crossnet.se junet.se netatonce.net
    perspektivbredband.net tyfon.se hem.se`,
  denmark: `
    hotmail.dk live.dk outlook.dk yahoo.dk msn.dk mail.dk tdcadsl.dk tele.dk stofanet.dk webspeed.dk youmail.dk ofir.dk tdcnet.dk
    get2net.dk youseepost.dk email.dk privat.dk privatmail.dk privatpost.dk minprivatemail.dk min-postkasse.dk sol.dk tiscali.dk
    worldonline.dk cybercity.dk mobilixnet.dk wanadoo.dk pc.dk ready.dk city.dk forum.dk forening.dk mail-online.dk mail-mig.dk
    maildanmark.dk mailroyal.dk mailster.dk godmail.dk bedstemail.dk e-box.dk e-postboks.dk postman.dk mail4.dk mail6.dk mail8.dk
    12mail.dk 123mail.dk 909mail.dk 12fuel.dk 12move.dk zybermail.dk zoomail.dk indbakke.dk netbruger.dk superbruger.dk submail.dk
    skrivnu.dk infile.dk inbound.dk hyperpost.dk energimail.dk fibermail.dk altiboxmail.dk profibermail.dk skylinemail.dk jaynet.dk
    bolignet-aarhus.dk comxnet.dk parknet.dk dlgtele.dk dlgmail.dk nal-net.dk hafnet.dk gvdnet.dk esenet.dk turbopost.dk lic-mail.dk
    dukamail.dk kabelmail.dk mvb.net image.dk jubii.dk jubiimail.dk jubiipost.dk jubiichat.dk jubiiconnect.dk jubiigames.dk
    jubiipostadresse.dk hansen.dk larsen.dk pedersen.dk petersen.dk rasmussen.dk sorensen.dk christensen.dk christiansen.dk eriksen.dk
    frandsen.dk frederiksen.dk henningsen.dk henriksen.dk iversen.dk jacobsen.dk jakobsen.dk johansen.dk knudsen.dk laursen.dk madsen.dk
    mathiesen.dk mikaelsen.dk mikkelsen.dk mortensen.dk olesen.dk poulsen.dk simonsen.dk svendsen.dk thomsen.dk vestergaard.dk
    norlysmail.dk waoo.dk posteo.dk`,
  finland: `
    elisanet.fi kolumbus.fi luukku.com luukku.fi suomi24.fi netti.fi saunalahti.fi inet.fi dnainternet.net live.fi hotmail.fi outlook.fi
    welho.com welho.fi pp.nic.fi nic.fi sci.fi iki.fi jippii.fi mbnet.fi surffi.net netikka.fi anvianet.fi multi.fi phnet.fi kymp.net
    kotiposti.net surfeu.fi dlc.fi tpo.fi vip.fi wippies.com kase.fi mpynet.fi eunet.fi seutuposti.fi salonseutu.fi aland.net
    lohjanpuhelin.fi pohjanmaa.fi posteo.fi`,
  iceland: `
    simnet.is internet.is vortex.is isl.is hive.is centrum.is mmedia.is heimsnet.is visir.is torg.is emax.is snerpa.is eyjar.is mi.is
    islandia.is posteo.is`,
  faroeIslandsAndGreenland: `
    olivant.fo kallnet.fo greennet.gl`,
  germany: `
    gmx.us gmx.es gmx.co.uk gmx.ch gmx.org gmx.info gmx.eu gmx.biz gmx-topmail.de posteo.de posteo.net posteo.org posteo.eu mailbox.org
    vodafone.de vodafonemail.de 1und1.de kabelmail.de netcologne.de netaachen.de osnanet.de nord-com.net ewetel.net ewetel.de ewe.net
    htp-tel.de mnet-online.de mnet-mail.de maxi-dsl.de wtnet.de alice-dsl.net alice-dsl.de alice.de alicedsl.de hansenet.de o2mail.de
    o2online.de genion.de arcor.de versanet.de berlin.de snafu.de kabelbw.de unitybox.de unity-mail.de primacom.net kielnet.net
    addcom.de nefkom.net bitel.net teleos-web.de bn-paf.de augustakom.net allgaeu.org dokom.net helinet.de citykom.net muenster.de
    gelsennet.de wobline.de t-online.com magenta.de deutsche-glasfaser.net inexio.net tele2.de tng.de tkrz.net epost.de mail.de email.de
    e-mail.de webmail.de firemail.de lycos.de servus-mail.de freenet.de freenetmail.de talknet.de germanynet.de compuserve.de
    eplus-online.de sofortstart.de sofort-start.de sofortsurf.de sofort-surf.de go4more.de eclipso.de eclipso.eu ok.de
    directbox.com hl-komm.net jenanet.de pirnet.de thuecom.net envia-tel.net heag-medianet.de ngi.de swn-nett.de bremen.de saarnet.de
    pfalzkom.net dns-net.de`,
  austria: `
    live.at aon.at a1.net chello.at inode.at hotmail.at outlook.at gmx.at utanet.at tele2.at tplus.at kabsi.at kabelplus.at liwest.at
    cnet.at salzburg-online.at sbg.at direkt.at schwaz.net tirol.com vol.at ikbnet.at netway.at nextra.at eunet.at surfeu.at teleweb.at
    drei.at stubainet.at lampert.at wavenet.at posteo.at`,
  switzerland: `
    sunrise.ch hispeed.ch bluewin.ch bluemail.ch swissonline.ch freesurf.ch tiscalinet.ch econophone.ch green.ch quickline.ch
    quicknet.ch besonet.ch datacomm.ch dplanet.ch gawnet.ch ggaweb.ch kfnmail.ch leunet.ch livenet.ch rhone.ch netplus.ch vtxnet.ch
    vtxfree.ch vtxmail.ch yetnet.ch finecom.ch breitband.ch thurweb.ch datazug.ch tele2.ch ticino.com cablecom.ch upcmail.ch hotmail.ch
    outlook.ch yahoo.ch romandie.com urbanet.ch worldcom.ch citycable.ch eblcom.ch intergga.ch posteo.ch`,
  liechtenstein: `
    adon.li powersurf.li supra.net`,
  netherlands: `
    ziggo.nl xs4all.nl upcmail.nl upc.nl casema.nl kpnplanet.nl kpnmail.nl quicknet.nl hotmail.nl live.nl outlook.nl yahoo.nl msn.nl
    caiway.nl caiway.net kabelfoon.nl kabelfoon.net solcon.nl online.nl zeelandnet.nl tele2.nl telfort.nl telfortglasvezel.nl
    versatel.nl vodafone.nl vodafonethuis.nl vodafonevast.nl wxs.nl on.nl onsbrabantnet.nl onsmail.nl onsneteindhoven.nl onsnetnuenen.nl
    tip.nl tiscali.nl tiscalimail.nl multiweb.nl zinders.nl planet.nl hetnet.nl home.nl chello.nl wanadoo.nl orange.nl freeler.nl
    zonnet.nl worldonline.nl scarlet.nl demon.nl euronet.nl 12move.nl concepts.nl cistron.nl dds.nl edpnet.nl glasnet.nl fiberworld.nl
    kickxl.nl lijbrandt.nl plusmail.nl rekam.nl kabelnoord.nl kabelnoord.net skpnet.nl stipte.nl tweak.nl t-mobilethuis.nl xms.nl
    xmsnet.nl hccnet.nl filternet.nl hahah.nl zeggis.nl razcall.nl ezorg.nl noknok.nl landmail.nl net-c.nl fastmail.nl posteo.nl`,
  belgium: `
    proximus.be scarlet.be skynet.be belgacom.net telenet.be pandora.be voo.be brutele.be numericable.be base.be tele2.be tiscali.be
    euphonynet.be edpnet.be mobistar.be mail.be advalvas.be hotmail.be outlook.be live.be yahoo.be freeworld.be belgique.com perso.be
    ping.be planetinternet.be wanadoo.be worldonline.be cybernet.be dommel.be dommel.com win.be versatel.be yucom.be fulladsl.be
    coditel.net teledisnet.be swing.be infonie.be net-c.be posteo.be`,
  luxembourg: `
    pt.lu internet.lu vo.lu eltrona.lu luxdsl.lu tango.lu hotmail.lu`,
  france: `
    bbox.fr numericable.fr numericable.com outlook.fr orange.fr wanadoo.fr free.fr sfr.fr neuf.fr cegetel.net club-internet.fr
    9online.fr 9business.fr laposte.net aliceadsl.fr libertysurf.fr noos.fr evc.net evhr.net estvideo.fr modulonet.fr ozone.net
    nordnet.fr nordnet.com hotmail.fr live.fr yahoo.fr voila.fr caramail.com caramail.fr tele2.fr tiscali.fr freesbee.fr worldonline.fr
    infonie.fr vialis.net calixo.net mailo.com mailoo.org net-c.fr dartybox.com gmx.fr mediaserv.net canl.nc lagoon.nc nautile.nc mls.nc
    offratel.nc mail.pf orange.re izi.re`,
  unitedKingdomAndIreland: `
    btinternet.com btopenworld.com btconnect.com talk21.com virginmedia.com virgin.net ntlworld.com blueyonder.co.uk sky.com
    talktalk.net tiscali.co.uk lineone.net plus.com plusnet.com force9.co.uk f2s.com madasafish.com freeuk.com freeserve.co.uk
    fsmail.net fsnet.co.uk fslife.co.uk orange.net orangehome.co.uk wanadoo.co.uk onetel.com onetel.net supanet.com pipex.com zen.co.uk
    zetnet.co.uk demon.co.uk dircon.co.uk care4free.net tesco.net toucansurf.com o2.co.uk eclipse.co.uk uwclub.net karoo.co.uk manx.net
    cwgsy.net hotmail.co.uk outlook.co.uk live.co.uk eircom.net iol.ie indigo.ie oceanfree.net utvinternet.com utvinternet.ie
    vodafone.ie imagine.ie live.ie hotmail.ie yahoo.ie iolfree.ie unison.ie clubi.ie esatclear.ie digiweb.ie`,
  italy: `
    fastwebnet.it tim.it alice.it tin.it virgilio.it libero.it iol.it inwind.it blu.it giallo.it tiscali.it tiscalinet.it teletu.it tele2.it
    vodafone.it wind.it infostrada.it email.it poste.it postecert.it legalmail.it aruba.it arubapec.it mclink.it supereva.it
    interfree.it jumpy.it katamail.com hotmail.it live.it outlook.it yahoo.it eolo.it linkem.com kataweb.it cheapnet.it ngi.it
    aliceposta.it pecmail.it sicurezzapostale.it register.it`,
  spain: `
    telefonica.net ono.com movistar.es terra.es wanadoo.es orange.es jazztel.es ya.com yahoo.es hotmail.es
    outlook.es live.es vodafone.es auna.com telecable.es euskaltel.net euskalnet.net mundo-r.com mundo-r.net r.es
    tiscali.es teleline.es retemail.es eresmas.com eresmas.net adamo.es masmovil.es arrakis.es`,
  portugal: `
    live.com.pt sapo.pt netcabo.pt clix.pt iol.pt mail.telepac.pt telepac.pt meo.pt nos.pt zonmail.pt oninet.pt hotmail.pt outlook.pt
    portugalmail.pt portugalmail.com cabovisao.pt nowo.pt vodafone.pt optimus.pt kanguru.pt netvisao.pt net.sapo.pt`,
  poland: `
    op.pl poczta.onet.pl vp.pl tlen.pl onet.pl onet.eu wp.pl o2.pl interia.pl interia.eu interia.com poczta.fm gazeta.pl go2.pl autograf.pl
    neostrada.pl spoko.pl upcpoczta.pl vectra.pl toya.net.pl aster.pl inea.pl inea.com.pl netia.pl multimo.pl orange.pl plusnet.pl t-mobile.pl
    buziaczek.pl amorki.pl int.pl poczta.pl pro.wp.pl eranet.pl hotmail.pl outlook.pl yahoo.pl`,
  czechiaAndSlovakia: `
    atlas.cz volny.cz seznam.cz email.cz post.cz centrum.cz centrum.sk azet.sk zoznam.sk tiscali.cz quick.cz iol.cz worldonline.cz spoluzaci.cz
    o2active.cz upcmail.cz netbox.cz chello.cz chello.sk stonline.sk orangemail.sk t-com.sk pobox.sk
    post.sk inmail.sk slovanet.sk nextra.sk hotmail.cz outlook.cz outlook.sk`,
  hungary: `
    citromail.hu freemail.hu t-online.hu t-email.hu upcmail.hu chello.hu vipmail.hu indamail.hu mailbox.hu digikabel.hu invitel.hu
    axelero.hu matavnet.hu enternet.hu externet.hu outlook.hu hotmail.hu`,
  balticStates: `
    hot.ee online.ee mail.ee neti.ee starman.ee elion.ee solo.ee stv.ee telia.ee zone.ee tele2.ee inbox.lv apollo.lv one.lv latnet.lv
    mail.lv e-apollo.lv tvnet.lv delfi.lv navigator.lv inbox.lt takas.lt zebra.lt delfi.lt one.lt mail.lt balticum-tv.lt balticum.lt splius.lt
    init.lt penki.lt freemail.lt`,
  southEastEurope: `
    bigmir.net meta.ua ukr.net i.ua abv.bg mail.bg dir.bg gbg.bg yahoo.ro rdslink.ro rdsmail.ro clicknet.ro upcmail.ro romtelecom.ro home.ro
    k.ro personal.ro siol.net siol.com telemach.net t-2.net amis.net volja.net net.hr inet.hr vip.hr hi.t-com.hr t-com.hr optinet.hr xnet.hr
    bnet.hr globalnet.hr otenet.gr hol.gr forthnet.gr wind.gr windowslive.gr mycosmos.gr yahoo.gr hotmail.gr outlook.com.gr in.gr pathfinder.gr
    cytanet.com.cy cablenet.com.cy primehome.com logosnet.cy.net maltanet.net onvol.net go.net.mt melita.com keyworld.net eunet.rs sbb.rs
    open.telekom.rs mts.rs ptt.rs neobee.net verat.net bih.net.ba teol.net t-home.mk t.mk on.net.mk`,
  restOfTheWorld: `
    live.co.za live.in live.ru live.com.my outlook.com.mx outlook.eu qq.com 163.com 126.com sina.com sohu.com 21cn.com naver.com daum.net
    hanmail.net nate.com sify.com rediffmail.com`,
  worldwide: `
    proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de tutamail.com tuta.com tuta.io keemail.me zoho.eu zohomail.com
    zohomail.eu riseup.net disroot.org startmail.com mailfence.com kolabnow.com runbox.com hushmail.com fastmail.com fastmail.fm hey.com
    skiff.com icloud.com me.com mac.com aol.com gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com
    passport.com duck.com mozmail.com privaterelay.appleid.com passmail.net passmail.com passinbox.com simplelogin.com simplelogin.co
    aleeas.com slmail.me anonaddy.com anonaddy.me addy.io`,
};

/** Names on the package's list that give nobody an address: firms and institutions of today, and placeholders. */
export const notProviders = `
  facebook.com example.com test.com test.de yourdomain.com mydomain.com alibaba.com ancestry.com discovery.com oath.com telstra.com
  singpost.com parrot.com techspot.com medscape.com dnsmadeeasy.com bolt.com check.com unican.es swissinfo.org nafe.com
`;
