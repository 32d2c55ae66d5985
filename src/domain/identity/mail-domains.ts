import disposable from 'disposable-email-domains-js/dist/dict/disposable_email_blocklist.json' with { type: 'json' };
import free from 'email-providers/all.json' with { type: 'json' };

let lists: { free: Set<string>; disposable: Set<string> } | undefined;

/** Whether a mail domain gives addresses to anybody: it then says nothing about a person's company. */
export function isFreeMailDomain(domain: string): boolean {
  return isOnList(loadLists().free, domain);
}

/** Whether a mail domain hands out throw-away addresses. Subdomains of one count too. */
export function isDisposableDomain(domain: string): boolean {
  return !isFreeMailDomain(domain) && isOnList(loadLists().disposable, domain);
}

function loadLists(): { free: Set<string>; disposable: Set<string> } {
  const onDisposable = new Set<string>(disposable);
  lists ??= { free: new Set((free as string[]).filter((name) => !onDisposable.has(name))), disposable: onDisposable };
  return lists;
}

function isOnList(list: Set<string>, domain: string): boolean {
  for (let name = domain.toLowerCase(); name.includes('.'); name = name.slice(name.indexOf('.') + 1)) if (list.has(name)) return true;
  return false;
}
