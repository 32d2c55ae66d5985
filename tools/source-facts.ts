import type { SourceCategory } from '../src/domain/attribution/sources.ts';

type Facts = Record<SourceCategory, Record<string, string>>;

/**
 * What the lists do not say, or say differently: name → hosts. `*.host` covers what is below it, `name.*` every country of the
 * name, `@` marks an app's package name (the referrer `android-app://…`). These outrank every list.
 */
export const factHosts: Facts = {
  search: {
    google:
      'google.* images.google.* maps.google.* news.google.* scholar.google.* books.google.* blogsearch.google.* cse.google.* video.google.* ' +
      'google.interia.pl search.google.com lens.google.com encrypted.google.com translate.google.com @com.google.android.googlequicksearchbox',
    'google-play': 'play.google.com',
    bing: 'bing.com *.bing.com @com.microsoft.bing',
    yahoo: 'yahoo.com search.yahoo.com *.search.yahoo.com',
    duckduckgo: 'duckduckgo.com *.duckduckgo.com @com.duckduckgo.mobile.android',
    ecosia: 'ecosia.org *.ecosia.org @com.ecosia.android',
    brave: 'search.brave.com',
    startpage: 'startpage.com *.startpage.com',
    qwant: 'qwant.com *.qwant.com',
    yandex: 'yandex.* ya.ru',
    kagi: 'kagi.com',
    kvasir: 'kvasir.no *.kvasir.no',
    ask: 'ask.com *.ask.com',
    lycos: 'lycos.*',
    '123people': '123people.*',
  },
  social: {
    facebook: 'facebook.com *.facebook.com fb.com fb.me @com.facebook.katana @com.facebook.lite',
    messenger: 'messenger.com *.messenger.com m.me @com.facebook.orca',
    instagram: 'instagram.com *.instagram.com @com.instagram.android',
    threads: 'threads.net *.threads.net threads.com *.threads.com @com.instagram.barcelona',
    whatsapp: 'whatsapp.com *.whatsapp.com wa.me @com.whatsapp @com.whatsapp.w4b',
    linkedin: 'linkedin.com *.linkedin.com lnkd.in linkedin.android @com.linkedin.android',
    twitter: 'twitter.com *.twitter.com x.com *.x.com t.co @com.twitter.android',
    tiktok: 'tiktok.com *.tiktok.com @com.zhiliaoapp.musically @com.ss.android.ugc.trill',
    reddit: 'reddit.com *.reddit.com redd.it @com.reddit.frontpage',
    pinterest: 'pinterest.* *.pinterest.com pin.it @com.pinterest',
    snapchat: 'snapchat.com *.snapchat.com @com.snapchat.android',
    bluesky: 'bsky.app *.bsky.app @xyz.blueskyweb.app',
    mastodon: 'phanpy.social dev.phanpy.social @org.joinmastodon.android',
    telegram: 't.me telegram.me telegram.org *.telegram.org @org.telegram.messenger',
    discord: 'discord.com *.discord.com discord.gg discordapp.com @com.discord',
    quora: 'quora.com *.quora.com',
    medium: 'medium.com *.medium.com',
    tumblr: 'tumblr.com *.tumblr.com t.umblr.com',
    vk: 'vk.com *.vk.com vkontakte.ru',
    stackexchange: 'stackexchange.com *.stackexchange.com',
    github: 'github.com *.github.com',
    slideshare: 'slideshare.net *.slideshare.net',
    xing: 'xing.com *.xing.com',
    yammer: 'yammer.com *.yammer.com engage.cloud.microsoft',
    'google+': 'plus.google.com plus.url.google.com url.google.com @com.google.android.apps.plus',
    nextdoor: 'nextdoor.com *.nextdoor.com',
    'truth social': 'truthsocial.com',
    'gab.com': 'gab.com',
    jodel: 'jodel.com',
    lemmy: 'lemmy.world lemmy.ml',
  },
  shopping: {
    amazon:
      'amazon.* amazon.in amazon.sa amazon.eg smile.amazon.com aax.amazon-adsystem.com aax-us-east.amazon-adsystem.com',
    ebay: 'ebay.* *.ebay.com',
    etsy: 'etsy.com *.etsy.com',
    'google shopping': 'shopping.google.com',
    alibaba: 'alibaba.com *.alibaba.com',
    aliexpress: 'aliexpress.com *.aliexpress.com',
    temu: 'temu.com *.temu.com',
    zalando: 'zalando.*',
    pricerunner: 'pricerunner.*',
    kelkoo: 'kelkoo.* no.kelkoo.com',
    idealo: 'idealo.*',
    prisjakt: 'prisjakt.no prisjakt.nu',
    prisguiden: 'prisguiden.no',
    marktplaats: 'marktplaats.nl',
    'finn.no': 'finn.no *.finn.no',
    'tise.com': 'tise.com',
    'blocket.se': 'blocket.se',
    'tradera.com': 'tradera.com',
    'dba.dk': 'dba.dk',
    'tori.fi': 'tori.fi',
    'bol.com': 'bol.com',
    'allegro.pl': 'allegro.pl',
  },
  video: {
    youtube: 'youtube.com *.youtube.com youtu.be youtube-nocookie.com @com.google.android.youtube',
    vimeo: 'vimeo.com *.vimeo.com',
    twitch: 'twitch.tv *.twitch.tv',
    dailymotion: 'dailymotion.com *.dailymotion.com dai.ly',
    wistia: 'wistia.com *.wistia.com *.wistia.net',
    rumble: 'rumble.com',
    odysee: 'odysee.com',
  },
  email: {
    gmail: 'mail.google.com inbox.google.com @com.google.android.gm @com.google.android.gm.lite',
    outlook:
      'outlook.com outlook.live.com mail.live.com outlook.office.com outlook.office365.com outlook.cloud.microsoft ' +
      '*.safelinks.protection.outlook.com statics.teams.cdn.office.net @com.microsoft.office.outlook',
    'yahoo mail': 'mail.yahoo.com *.mail.yahoo.com @com.yahoo.mobile.client.android.mail',
    'proton mail': 'mail.proton.me mail.protonmail.com',
    'icloud mail': 'icloud.com',
    fastmail: 'app.fastmail.com',
    gmx: 'navigator.gmx.net navigator.gmx.com deref-gmx.net deref-gmx.com',
    'web.de': 'deref-web.de navigator.web.de deref-web-02.de',
    '1und1 mail': 'deref-1und1.de',
    'orange webmail': 'messagerie.orange.fr',
    mailchimp: 'mailchi.mp *.campaign-archive.com *.list-manage.com',
    proofpoint: 'urldefense.com urldefense.proofpoint.com',
    barracuda: 'linkprotect.cudasvc.com',
  },
  ai: {
    chatgpt: 'chatgpt.com *.chatgpt.com chat.openai.com labs.openai.com openai.com @com.openai.chatgpt',
    claude: 'claude.ai *.claude.ai @com.anthropic.claude',
    gemini: 'gemini.google.com bard.google.com aistudio.google.com @com.google.android.apps.bard',
    notebooklm: 'notebooklm.google.com notebooklm.google',
    copilot:
      'copilot.microsoft.com copilot.cloud.microsoft m365.cloud.microsoft edgeservices.bing.com @com.microsoft.copilot',
    perplexity: 'perplexity.ai *.perplexity.ai @ai.perplexity.app.android',
    deepseek: 'deepseek.com *.deepseek.com @com.deepseek.chat',
    grok: 'grok.com *.grok.com x.ai *.x.ai @ai.x.grok',
    mistral: 'mistral.ai *.mistral.ai',
    'meta ai': 'meta.ai *.meta.ai',
    qwen: 'qwen.ai *.qwen.ai tongyi.aliyun.com',
    kimi: 'kimi.com *.kimi.com kimi.moonshot.cn',
    doubao: 'doubao.com *.doubao.com',
    yuanbao: 'yuanbao.tencent.com',
    'z.ai': 'z.ai *.z.ai',
    'poe.com': 'poe.com',
    phind: 'phind.com *.phind.com',
    'you.com': 'you.com *.you.com',
    'duck.ai': 'duck.ai',
    'pi.ai': 'pi.ai',
    genspark: 'genspark.ai *.genspark.ai',
    'felo.ai': 'felo.ai',
    'liner.com': 'liner.com getliner.com',
    'andisearch.com': 'andisearch.com',
    lumo: 'lumo.proton.me',
    'character.ai': 'character.ai',
    jasper: 'app.jasper.ai',
    writesonic: 'app.writesonic.com',
    'iask.ai': 'iask.ai',
    chatglm: 'chatglm.cn',
    'baidu ai': 'yiyan.baidu.com ai.baidu.com',
    chatplus: 'chatplus.com chat-gpt.org',
  },
};

/** Names that people write in `utm_source` and no list has, one a comma. A name in `factHosts` need not be repeated. */
export const factNames: Record<SourceCategory, string> = {
  search:
    'google ads,google-ads,google_ads,googleads,adwords,bing ads,bing-ads,bing_ads,bingads,microsoft ads,brave search,swisscows,mojeek,metager',
  social:
    'x,meta,meta ads,meta-ads,meta_ads,facebook ads,facebook-ads,facebook_ads,fb ads,fb_ads,instagram ads,instagram_ads,linkedin ads,linkedin-ads,linkedin_ads,' +
    'tiktok ads,tiktok_ads,hacker news,hackernews,workplace',
  shopping: '',
  video: 'yt,youtube ads,youtube_ads',
  email: '',
  ai: 'openai,anthropic,bard,chat gpt,chat-gpt,bing chat,google gemini,microsoft copilot,le chat,deepseek chat,perplexity ai',
};

/**
 * Hosts that a list names and that are left out, with the reason. Conformance prints it.
 * A look-alike is none: whoever owns it is not the engine.
 */
export const leftOut: Record<string, string> = {
  'cnn.com': 'a news site: a link in its articles is a referral',
  'msnbc.msn.com': 'a news site: a link in its articles is a referral',
  'dizionario.it.msn.com': 'a dictionary: it shows no links to search results',
  'enciclopedia.it.msn.com': 'an encyclopaedia: it shows no links to search results',
  'wwwgoogle.com': 'look-alike of google.com',
  'wwwgoogle.*': 'look-alike of google.com',
  'gogole.com': 'look-alike of google.com',
  'gogole.*': 'look-alike of google.com',
  'gppgle.com': 'look-alike of google.com',
  'gppgle.*': 'look-alike of google.com',
  'googel.com': 'look-alike of google.com',
  'googel.*': 'look-alike of google.com',
  'darkoogle.com': 'look-alike of google.com',
  'search.darkoogle.com': 'look-alike of google.com',
  'login.live.com':
    'the login of Microsoft accounts since 2012, on the ignore list; Windows Live Spaces closed in 2011',
  'vg.no': 'a newspaper; its social network, Nettby, closed in 2010',
  'rtl.de': 'a broadcaster: a link in its articles is a referral',
  'kununu.com': 'reviews of employers: a link there is a referral',
};

/** How a list's label reads as a source, where lower case alone does not do. */
export const renamed: Record<string, string> = {
  'yahoo!': 'yahoo',
  'yahoo! mail': 'yahoo mail',
  'google%2b': 'google+',
  vkontakte: 'vk',
  'outlook.com': 'outlook',
  'brave search': 'brave',
  mailru: 'mail.ru',
  ozone: 'qzone',
  'nasza-klasa.pl': 'nk.pl',
  'gigablast (directory)': 'gigablast',
  'compuserve.com (enhanced by google)': 'compuserve',
  'la toile du québec (google)': 'la toile du quebec',
  'la toile du quebec via google': 'la toile du quebec',
  'startpagina (google)': 'startpagina',
  yandex_email: 'yandex mail',
  '360.cn': '360search',
  haosou: '360search',
  icerockeet: 'icerocket',
  apoll07: 'apollo7',
};
