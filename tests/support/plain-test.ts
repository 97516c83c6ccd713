/**
 * Playwright's `test` without its fixtures for browsers. Each of those is set up and torn down for every test, needed or
 * not, as a step with a stack trace: that takes 12 ms of CPU time a test, more than most unit tests.
 */
export { _baseTest as test, expect } from "@playwright/test";
