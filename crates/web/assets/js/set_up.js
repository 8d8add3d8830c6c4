// The time zone of the form is the one of this browser, until somebody writes another.
const field = document.querySelector("[data-own-time-zone]");
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (field && own && field.value === field.defaultValue && field.value === "UTC") field.value = own;
