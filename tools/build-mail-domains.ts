/**
 * Writes assets/mail-domains.json from two packages and the corrections below.
 * Run after one of the packages is upgraded: `node tools/build-mail-domains.ts`. A test fails while the file is out of date.
 */
import { writeFile } from 'node:fs/promises';
import disposable from 'disposable-email-domains-js/dist/dict/disposable_email_blocklist.json' with { type: 'json' };
import providers from 'email-providers/all.json' with { type: 'json' };
import { parse } from 'tldts';
import { isMailBrand } from '../src/domain/identity/mail-brands.ts';
import { mailDomainsAsset } from '../src/domain/identity/mail-domains.ts';
import type { PackedMailDomains } from '../src/domain/identity/mail-domains.ts';
import { packDomains } from '../src/domain/identity/packed-domains.ts';

/** Providers open to anybody, and internet providers whose subscribers get an address, that the package lacks. */
const missingProviders = `
  online.no broadpark.no live.no hotmail.no yahoo.no getmail.no frisurf.no start.no lyse.net altiboxmail.no tele2.no enitel.no chello.no
  nextgentel.no nextgentel.com epost.no sensewave.com c2i.net ebnett.no haugnett.no bkkfiber.no loqal.no tafjord.net eidsiva.net monet.no
  hotmail.se live.se outlook.no outlook.se telia.com telia.se comhem.se bredband.net bredband2.com tele2.se passagen.se swipnet.se
  glocalnet.net bahnhof.se ownit.nu home.se spray.se
  mail.dk jubii.dk jubiimail.dk tdcadsl.dk mail.tele.dk stofanet.dk webspeed.dk youmail.dk ofir.dk mail.tdcnet.dk get2net.dk youseepost.dk
  elisanet.fi kolumbus.fi luukku.com suomi24.fi netti.fi saunalahti.fi pp.inet.fi dnainternet.net live.fi hotmail.fi outlook.fi simnet.is
  gmx.us gmx.es gmx.co.uk gmx.ch gmx.org gmx.info gmx.eu gmx.biz posteo.de posteo.net posteo.org posteo.eu mailbox.org vodafone.de
  vodafonemail.de 1und1.de kabelmail.de
  live.at aon.at a1.net chello.at inode.at sunrise.ch hispeed.ch
  proximus.be ziggo.nl xs4all.nl upcmail.nl casema.nl kpnplanet.nl kpnmail.nl quicknet.nl live.co.za live.in live.ru live.com.pt live.com.my
  bbox.fr numericable.fr fastwebnet.it telefonica.net ono.com outlook.fr outlook.com.mx outlook.eu
  op.pl poczta.onet.pl vp.pl tlen.pl atlas.cz volny.cz azet.sk zoznam.sk citromail.hu bigmir.net meta.ua seznam.cz email.cz
  proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de tutamail.com tuta.com tuta.io keemail.me zoho.eu zohomail.com zohomail.eu
  riseup.net disroot.org startmail.com mailfence.com kolabnow.com runbox.com hushmail.com fastmail.com fastmail.fm hey.com skiff.com
  icloud.com me.com mac.com aol.com gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com passport.com
  qq.com 163.com 126.com sina.com sohu.com 21cn.com naver.com daum.net hanmail.net nate.com sify.com rediffmail.com
  duck.com mozmail.com privaterelay.appleid.com passmail.net passmail.com passinbox.com simplelogin.com simplelogin.co aleeas.com slmail.me
  anonaddy.com anonaddy.me addy.io
`;

/** Names on the package's list that give nobody an address: firms and institutions of today, and placeholders. */
const notProviders = `
  facebook.com example.com test.com test.de yourdomain.com mydomain.com alibaba.com ancestry.com discovery.com oath.com telstra.com
  singpost.com parrot.com techspot.com medscape.com dnsmadeeasy.com bolt.com check.com unican.es swissinfo.org nafe.com
`;

const target = new URL(`../assets${mailDomainsAsset}`, import.meta.url);

/** The text of the file, from what is installed. */
export function renderMailDomainLists(): string {
  const added = words(missingProviders);
  const excluded = words(notProviders);
  // A name added by hand is a provider whatever the throw-away list says of it.
  const throwAway = new Set(disposable.map(ascii).filter((name) => isRegistered(name) && !added.has(name)));
  const listed = providers
    .map(ascii)
    .filter((name) => isRegistered(name) && !excluded.has(name) && !isInstitution(name));
  const all = new Set([...listed, ...added]);
  const free = [...all].filter(
    (name) =>
      added.has(name) || !parents(name).some((parent) => throwAway.has(parent) || (parent !== name && all.has(parent))),
  );
  const packed: PackedMailDomains = {
    free: packDomains(free.filter((name) => !isMailBrand(name))),
    disposable: packDomains(throwAway),
  };
  return `${JSON.stringify(packed, null, 2)}\n`;
}

function words(text: string): Set<string> {
  return new Set(text.split(/\s+/u).filter(Boolean));
}

/** One name of either list has an address in front of it, some are not ASCII. */
function ascii(entry: string): string {
  return new URL(`http://${entry.slice(entry.indexOf('@') + 1)}`).hostname;
}

/** Subdomains count with their parent, so a public suffix (`com.ar`, `pp.ua`) on a list would take everybody below it along. */
function isRegistered(name: string): boolean {
  return parse(name, { allowPrivateDomains: true }).domain !== null;
}

/** A student's address says where they study, which is an organisation like another. */
function isInstitution(name: string): boolean {
  return name
    .split('.')
    .slice(-2)
    .some((part) => ['edu', 'ac', 'gov', 'mil'].includes(part));
}

function parents(name: string): string[] {
  const labels = name.split('.');
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
}

if (import.meta.main) await writeFile(target, renderMailDomainLists());
