// One call: follows the verbs the hotline answers with, as Twilio does. Knows nothing of the page but `phone`.

const MAX_DOCUMENTS = 200;

export class HungUp extends Error {}

export function newSid(kind) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return kind + [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * `phone` is the telephone it runs on: request(wanted), hear(prompt, who, signal), ask(gather, signal), record(record,
 * signal), ring(dial, signal), talk(signal), note(who, text), documents(list), leave(wanted).
 */
export class Call {
  constructor(phone, urls, from, to, placed = null) {
    this.phone = phone;
    this.urls = urls;
    this.leg = { sid: placed ?? newSid("CA"), from, to, status: "ringing", placed: placed !== null };
    this.receiver = new AbortController();
    this.startedAt = performance.now();
    this.fetched = 0;
    this.told = false;
  }

  hangUp() {
    this.receiver.abort();
  }

  /** From the first request to the last; who ended it. */
  async run() {
    if (this.leg.placed) this.leg.status = "in-progress";
    try {
      let verbs = await this.fetch(this.leg, this.urls.voice, "POST");
      while (verbs.length) verbs = await this.perform(verbs);
    } catch (error) {
      if (!(error instanceof HungUp)) throw error;
      this.leg.endedBy = "caller";
    } finally {
      this.over();
    }
    return this.leg.endedBy ?? "line";
  }

  /** A call of the hotline's own that nobody picks up. */
  missed() {
    this.told = true;
    this.leg.status = "no-answer";
    return this.report(this.urls.status, "POST", { CallDuration: 0 });
  }

  /** Tell the status callback; when the page is being *left*, by the way that outlives it. */
  over(left = false) {
    if (this.told) return;
    this.told = true;
    this.leg.status = "completed";
    const news = { CallDuration: Math.round((performance.now() - this.startedAt) / 1000) };
    if (left && this.phone.leave(this.wanted(this.leg, this.urls.status, "POST", news, true))) return;
    this.report(this.urls.status, "POST", news);
  }

  /** Send news that the call does not wait for. */
  report(url, method, fields) {
    const sent = this.phone.request(this.wanted(this.leg, url, method, fields, true));
    return sent.catch((error) => this.phone.note("trouble", error.message));
  }

  wanted(leg, url, method, fields, callback = false) {
    return { leg: { ...leg }, url, method, fields, callback };
  }

  async fetch(leg, url, method, fields = {}) {
    if (++this.fetched > MAX_DOCUMENTS) return this.fail(leg, "the call goes round in circles");
    const answer = await this.phone.request(this.wanted(leg, url, method, fields));
    this.stillThere();
    leg.status = "in-progress";
    this.phone.documents(answer.documents);
    for (const trouble of answer.troubles) this.phone.note("trouble", trouble);
    if (answer.verbs === null) leg.endedBy = "error";
    return answer.verbs ?? [];
  }

  fail(leg, trouble) {
    this.phone.note("trouble", trouble);
    leg.endedBy = "error";
    return [];
  }

  stillThere() {
    if (this.receiver.signal.aborted) throw new HungUp();
  }

  /** One document; the verbs of the next one, or none at the end. */
  async perform(verbs, leg = this.leg, who = "line") {
    for (const verb of verbs) {
      this.stillThere();
      let following = null;
      switch (verb.verb) {
        case "Gather":
          following = await this.gather(verb, leg, who);
          break;
        case "Record":
          following = await this.record(verb);
          break;
        case "Dial":
          following = await this.dial(verb);
          break;
        case "Redirect":
          return this.fetch(leg, verb.url, verb.method);
        case "Hangup":
          leg.endedBy = "line";
          return [];
        case "Reject":
          leg.endedBy = "rejected";
          return [];
        default:
          await this.phone.hear(verb, who, this.receiver.signal);
      }
      if (following) return following;
    }
    return [];
  }

  /** The next document, or null when nothing was heard: then the verb after it runs. */
  async gather(gather, leg, who) {
    const fields = await this.phone.ask(gather, who, this.receiver.signal);
    this.stillThere();
    return fields || gather.action_on_empty ? this.fetch(leg, gather.action, gather.method, fields ?? {}) : null;
  }

  /** An empty recording never calls its action. */
  async record(record) {
    const made = await this.phone.record(record, this.receiver.signal);
    const gone = this.receiver.signal.aborted;
    if (!made) {
      this.stillThere();
      return null;
    }
    const fields = { RecordingSid: made.sid, RecordingUrl: made.url, RecordingDuration: made.seconds };
    const digits = gone ? { Digits: "hangup" } : made.key ? { Digits: made.key } : {};
    let following = null;
    if (gone) {
      this.leg.status = "completed";
      await this.report(record.action, record.method, { ...fields, ...digits });
    } else {
      following = await this.fetch(this.leg, record.action, record.method, { ...fields, ...digits });
    }
    if (record.status_url && record.status_events.includes("completed")) {
      const news = { ...fields, RecordingStatus: "completed", RecordingChannels: 1, RecordingSource: "RecordVerb" };
      this.report(record.status_url, record.status_method, news);
    }
    this.stillThere();
    return following;
  }

  /** Ring the first number; whoever answers hears the whisper before the two are put through. */
  async dial(dial) {
    const [number] = dial.numbers;
    const answered = await this.phone.ring(number, this.receiver.signal);
    this.stillThere();
    const leg = {
      sid: newSid("CA"),
      from: dial.caller_id ?? this.leg.from,
      to: number.number,
      status: "in-progress",
      parent: this.leg.sid,
    };
    let verbs = answered && number.url ? await this.fetch(leg, number.url, number.method) : [];
    while (verbs.length) verbs = await this.perform(verbs, leg, "whisper");
    const bridged = answered && !leg.endedBy;
    const seconds = bridged ? await this.phone.talk(this.receiver.signal) : 0;
    const result = {
      DialCallStatus: answered ? "completed" : "no-answer",
      DialCallSid: leg.sid,
      DialCallDuration: seconds,
      DialBridged: String(bridged),
    };
    if (number.status_url) {
      leg.status = answered ? "completed" : "no-answer";
      this.phone
        .request(this.wanted(leg, number.status_url, "POST", {}, true))
        .catch((error) => this.phone.note("trouble", error.message));
    }
    if (this.receiver.signal.aborted && dial.action) {
      this.leg.status = "completed";
      await this.report(dial.action, dial.method, result);
    }
    this.stillThere();
    return dial.action ? this.fetch(this.leg, dial.action, dial.method, result) : null;
  }
}
