export const countrySuffixes = 'com no se dk de co.uk';
export const sourceTable = {
  search: { names: 'google\nbing\nyahoo\nduckduckgo', hosts: 'google>google.*\nbing>bing.com *.bing.com\nduckduckgo>duckduckgo.com' },
  social: { names: 'facebook\nlinkedin\ninstagram\ntwitter', hosts: 'facebook>*.facebook.com fb.me\nlinkedin>*.linkedin.com lnkd.in\ninstagram>*.instagram.com\ntwitter>t.co twitter.com x.com' },
  shopping: { names: '', hosts: '' },
  video: { names: 'youtube', hosts: 'youtube>*.youtube.com youtu.be' },
  email: { names: 'gmail', hosts: 'gmail>mail.google.com com.google.android.gm' },
  ai: { names: 'chatgpt', hosts: 'chatgpt>chatgpt.com' },
};
