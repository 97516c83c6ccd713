import {
  changeErrorOf,
  findChangeError,
  findFormError,
  formErrorOf,
  otherError,
} from "../../components/identity/form-errors";
import { codeIn, isCodeIncomplete } from "../../components/identity/transfer-link";
import type { ErrorCode } from "../../protocol/events";
import { readHandle, readNewPassword } from "../../server/accounts/credentials";
import { expect, test } from "../support/plain-test";

const password = "correct horse";
const error = (code: ErrorCode, rest = {}) => ({ code, message: code, retryable: false, ...rest });

test("[H-4] the page accepts exactly the handles and passwords that the server accepts", () => {
  const handles = [
    "otter",
    " Otter ",
    "수달",
    "a_b.c-1",
    "éclair",
    "ab",
    "_otter",
    "ot ter",
    "o".repeat(33),
    "👨‍👩‍👧‍👦",
  ];
  for (const handle of [...handles, "가나다", "１２３"]) {
    const isRefused = (() => {
      try {
        readHandle(handle);
        return false;
      } catch {
        return true;
      }
    })();
    expect(findFormError("signUp", { handle, password }) !== undefined, handle).toBe(isRefused);
  }
  for (const chosen of [
    "123456789",
    "kv7 qzm2wd",
    "가나다라마바사아자차",
    `${"xq".repeat(511)}zz`,
    "x".repeat(1025),
  ]) {
    const isRefused = (() => {
      try {
        readNewPassword(chosen, "otter");
        return false;
      } catch {
        return true;
      }
    })();
    expect(findFormError("signUp", { handle: "otter", password: chosen }) !== undefined).toBe(isRefused);
  }
});

test("the log-in form refuses only empty fields: an older account may have another shape", () => {
  expect(findFormError("logIn", { handle: "x", password: "short" })).toBeUndefined();
  expect(findFormError("logIn", { handle: " ", password })?.at).toBe("handle");
  expect(findFormError("logIn", { handle: "otter", password: "" })?.at).toBe("password");
});

test("a refusal is shown beside the field that it is about", () => {
  expect(formErrorOf("signUp", error("name_taken"))).toEqual({ at: "handle", key: "account.handleTaken" });
  expect(formErrorOf("signUp", error("bad_request")).at).toBe("handle");
  const common = {
    ...error("bad_request"),
    message: "This password is too common, or too much like the handle.",
  };
  expect(formErrorOf("signUp", common)).toEqual({ at: "password", key: "account.passwordCommon" });
  expect(changeErrorOf(common)).toEqual({ at: "newPassword", key: "account.passwordCommon" });
  expect(changeErrorOf(error("forbidden"))).toEqual({ at: "password", key: "account.passwordWrong" });
  expect(findChangeError({ password: "", newPassword: "" })?.at).toBe("password");
  expect(findChangeError({ password: "x", newPassword: "short" })?.at).toBe("newPassword");
  expect(formErrorOf("signUp", error("too_large")).at).toBe("password");
  expect(formErrorOf("logIn", error("forbidden"))).toEqual({ at: "password", key: "account.wrong" });
  expect(formErrorOf("signUp", error("forbidden")).key).toBe("account.already");
  expect(formErrorOf("logIn", error("unavailable"))).toMatchObject({ at: "form", key: "me.failed" });
});

test("after too many tries the form says when to try again, if the server does", () => {
  expect(otherError(error("rate_limited", { retryAfterMs: 60_000 }))).toMatchObject({
    key: "me.tooOften",
    retryAfterMs: 60_000,
  });
  expect(otherError(error("rate_limited")).key).toBe("me.failed");
});

test("[H-3] a code is read from the link's fragment, and its groups and letters' size do not matter", () => {
  expect(codeIn("#K7QM-34XA-K7QM-34XA")).toBe("K7QM-34XA-K7QM-34XA");
  expect(codeIn("")).toBe("");
  expect(codeIn("#%E0%A4%A")).toBe("");
  for (const whole of ["K7QM-34XA-K7QM-34XA", "k7qm34xak7qm34xa", " K7QM – 34XA K7QM 34XA "])
    expect(isCodeIncomplete(whole), whole).toBe(false);
  for (const part of ["", "K7QM-34XA", "K7QM-34XA-K7QM-34XAX"]) expect(isCodeIncomplete(part)).toBe(true);
});
