import { deviceName } from "../../server/accounts/device-name";
import { expect, test } from "../support/plain-test";

test("[H-6] a device's name comes from a closed list, never from the browser's own words", () => {
  const names: Record<string, string> = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0": "Firefox, Windows",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0":
      "Edge, Windows",
    "Mozilla/5.0 (Linux; Android 14; SM-S918N) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36":
      "Samsung Internet, Android",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1":
      "Safari, iPhone",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36":
      "Chrome, macOS",
    "curl/8.0 <script>": "",
    [`${"x".repeat(600)} Firefox/1`]: "",
    "": "",
  };
  for (const [agent, name] of Object.entries(names)) expect(deviceName(agent)).toBe(name);
  expect(deviceName()).toBe("");
});
