// By how much what was there moved while the page came, as browsers count it.
new Promise((done) => {
  let sum = 0;
  const add = (entries) => entries.forEach((entry) => (sum += entry.value));
  const observer = new PerformanceObserver((list) => add(list.getEntries()));
  observer.observe({ type: "layout-shift", buffered: true });
  setTimeout(() => {
    add(observer.takeRecords());
    done(sum);
  }, 50);
})
