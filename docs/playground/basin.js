/**
 * The basin view: where a rule ends from every start point of the window, and how fast, computed in a worker.
 *
 * Exports:
 *   class Basin
 *     new Basin({onUpdate, onError, url})  onUpdate gets {which, steps, stride, done, seconds, width, height} after each
 *                                          pass: for each pixel, row by row from the top, a fate (see fates.js) and the
 *                                          step of arrival; points between those of the stride are not known yet
 *     request(spec, {width, height, steps, window})
 *                                          begin anew with a spec of driver.js (its start does not matter); what was
 *                                          under way is given up. By default 200 × 200 runs of 300 steps
 *     cancel()                             give up what is under way
 *     dispose()                            end the worker
 *   paint, count and the codes of fates.js
 */
export * from "./fates.js";

export class Basin {
  constructor({ onUpdate, onError = () => {}, url = new URL("./basin-worker.js", import.meta.url) }) {
    this.onUpdate = onUpdate;
    this.onError = onError;
    this.url = url;
    this.id = 0;
    this.size = null;
    this.worker = null;
  }

  request(spec, { width = 200, height = 200, steps = 300, window = null } = {}) {
    this.id += 1;
    this.size = { width, height };
    this.worker ??= this.begin();
    // A rule of the reader's own travels as its text: functions cannot be sent.
    const { rule } = spec;
    const isOwn = typeof rule === "object";
    const sent = { ...spec, rule: isOwn ? null : rule };
    this.worker.postMessage({
      id: this.id,
      spec: sent,
      source: isOwn ? rule.source : null,
      width,
      height,
      steps,
      window,
    });
  }

  begin() {
    const worker = new Worker(this.url, { type: "module" });
    worker.onmessage = ({ data }) => {
      if (data.id !== this.id) return; // of a request that was given up
      if (data.error) this.onError(new Error(data.error));
      else this.onUpdate({ ...data, ...this.size });
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.onError(new Error(event.message || "the worker could not be started"));
    };
    return worker;
  }

  cancel() {
    this.id += 1;
    this.worker?.postMessage({ id: 0 });
  }

  dispose() {
    this.cancel();
    this.worker?.terminate();
    this.worker = null;
  }
}
