// Pages show their notifications through this worker; by itself it shows, keeps and fetches nothing
// (docs/decisions/022-notification-worker.md). A click leads to the tab that told of the news, or opens the room's address.
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(lead(event.notification.data));
});

async function lead({ tab, address }) {
  // No page is under this worker: it is registered for its own address.
  const tabs = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const teller = tabs.find(({ url }) => new URL(url).pathname === tab);
  await (teller ? teller.focus() : self.clients.openWindow(address));
}
