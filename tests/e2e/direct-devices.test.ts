import { expect, test } from "../support/browser-fixtures";
import { lostConnection } from "../support/browser-visitor";
import { DirectPage } from "../support/direct-page";
import { look } from "../support/look";

/** Conversations on several devices, and when a replica dies. */

/** The storage of a browser that is another visitor's second device. */
const sameVisitor = (url: string, token: string) => ({
  cookies: [],
  origins: [{ origin: url, localStorage: [{ name: "madang:token", value: token }] }],
});

test("new messages are counted on every device, and read on all of them when seen on one", async ({
  startReplicas,
  browserVisitor,
  connect,
}) => {
  const [one, two] = await startReplicas(2);
  const [here, there] = [one?.url ?? "", two?.url ?? ""];
  const friend = await connect({ url: there });
  const owner = await connect({ url: here });
  const phone = new DirectPage(
    (await browserVisitor({ url: `${here}/direct`, storageState: sameVisitor(here, owner.token) })).page,
  );
  const desk = new DirectPage(
    (await browserVisitor({ url: `${there}/direct`, storageState: sameVisitor(there, owner.token) })).page,
  );
  for (const visitor of [friend, owner]) await visitor.join("lobby");
  const { room } = await friend.must("direct:open", { with: owner.id });
  await owner.must("direct:open", { with: friend.id });
  const { self } = await friend.join(room.id);
  await friend.say(room.id, "first");
  await friend.say(room.id, "second");
  for (const device of [phone, desk]) {
    await expect(device.row(self.name)).toContainText("2 new");
    await expect(device.headerLink).toHaveAccessibleName("Conversations 1 unread");
    await expect(device.page).toHaveTitle("(1) Conversations · Madang");
  }

  await phone.openRow(self.name);
  await expect(phone.message("second")).toBeVisible();
  await expect(desk.row(self.name)).not.toContainText("new");
  await expect(desk.headerLink).toHaveAccessibleName("Conversations");
  await expect(phone.headerLink).toHaveAccessibleName("Conversations");

  await look(phone.page, "hidden");
  await friend.say(room.id, "third");
  await expect(phone.message("third")).toBeVisible();
  await expect(desk.row(self.name), "not looked at yet").toContainText("1 new");
  await look(phone.page, "visible");
  await expect(desk.row(self.name)).not.toContainText("new");

  await desk.openRow(self.name);
  await phone.say("read on the phone, answered there");
  await expect(desk.message("read on the phone, answered there")).toBeVisible();
});

test("messages that came while the visitor was absent are counted in any room that the visitor returns to", async ({
  startReplicas,
  browserVisitor,
  connect,
}) => {
  const [one, two] = await startReplicas(2);
  const here = one?.url ?? "";
  const friend = await connect({ url: two?.url ?? "" });
  const owner = await connect({ url: here });
  for (const visitor of [friend, owner]) await visitor.join("lobby");
  owner.close();
  const { room } = await friend.must("direct:open", { with: owner.id });
  const { self } = await friend.join(room.id);
  await friend.say(room.id, "call me when you are back");
  const back = new DirectPage(
    (await browserVisitor({ url: `${here}/chat`, storageState: sameVisitor(here, owner.token) })).page,
  );
  await expect(back.headerLink).toHaveAccessibleName("Conversations 1 unread");
  await back.headerLink.click();
  await back.answer(self.name);
  await expect(back.message("call me when you are back")).toBeVisible();
  await expect(back.headerLink).toHaveAccessibleName("Conversations");
});

test("a partner whose replica was killed is shown as away, then as here again, and no message is lost in either direction", async ({
  startReplicas,
  startFront,
  browserVisitor,
}) => {
  const [one, two] = await startReplicas(2);
  const stayer = new DirectPage((await browserVisitor({ url: `${two?.url}/direct` })).page);
  const ownId = (await stayer.page.locator(".own-id code").textContent()) ?? "";
  const front = await startFront([one?.port ?? 0]);
  const visitor = await browserVisitor({ url: `${front.url}/direct/${ownId}` });
  const mover = new DirectPage(visitor.page);
  await mover.say("before");
  await stayer.answer("A visitor");
  await expect(stayer.message("before")).toBeVisible();
  await expect(stayer.presence).toHaveText("here now");
  await expect(mover.presence).toHaveText("here now");

  visitor.expectComplaint(lostConnection);
  visitor.expectComplaint(/503/);
  await one?.kill();
  await expect(stayer.presence).toHaveText("away", { timeout: 30_000 });
  await stayer.say("written while you were away");
  await mover.say("written while I was away");
  await expect(stayer.message("written while you were away")).toBeVisible();

  front.add(two?.port ?? 0);
  await expect(stayer.presence).toHaveText("here now");
  await expect(mover.presence).toHaveText("here now");
  for (const page of [stayer, mover])
    for (const text of ["before", "written while you were away", "written while I was away"])
      await expect(page.message(text)).toHaveCount(1);
});
