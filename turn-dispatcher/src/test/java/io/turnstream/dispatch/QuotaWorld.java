package io.turnstream.dispatch;

import io.turnstream.contracts.AskLease;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.LeaseUse;
import io.turnstream.contracts.QuotaScope;
import io.turnstream.contracts.state.QuotaLedger;
import io.turnstream.providers.quota.LeaseBook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Workers, a grantor and a provider in virtual time: everything that lies between them takes as long as chance has it.
final class QuotaWorld {

    private static final long TICK = 50;

    private final QuotaMachine machine;
    private final QuotaTerms terms;
    private final List<QuotaScope> scopes;
    private final Random random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final List<Worker> workers = new ArrayList<>();
    private final QuotaLedger ledger = QuotaMachine.empty();
    private final Provider provider;
    private long now;
    private long order;
    private long appendedAt;
    private long grantorBackAt;
    private int born;
    /// Most time that sending takes beyond the quickest: what the margin is for.
    private int callsPerWorker = 24;
    private long sendJitter = 200;
    private long messageJitter = 150;
    private int asks;

    private record Event(long at, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    QuotaWorld(long seed, QuotaTerms terms, @Nullable Integer rpm, @Nullable Long tpm) {
        this.random = new Random(seed);
        this.terms = terms;
        this.machine = new QuotaMachine(terms);
        this.scopes = List.of(new QuotaScope("key", rpm, tpm));
        this.provider = new Provider(terms.window().toMillis());
    }

    /// Up to so long between sending and arrival; every third call arrives at once.
    QuotaWorld sendingTakesUpTo(Duration longest) {
        sendJitter = longest.toMillis();
        return this;
    }

    /// Most calls in flight of each worker.
    QuotaWorld connections(int perWorker) {
        callsPerWorker = perWorker;
        return this;
    }

    /// Up to so long for each question and answer.
    QuotaWorld messagesTakeUpTo(Duration longest) {
        messageJitter = longest.toMillis();
        return this;
    }

    Provider provider() {
        return provider;
    }

    int asks() {
        return asks;
    }

    long nowMillis() {
        return now;
    }

    void join() {
        Worker worker = new Worker("worker-" + ++born);
        workers.add(worker);
        for (int i = 0; i < callsPerWorker; i++) {
            worker.call();
        }
        worker.tick();
    }

    /// `kill -9`: no word, and calls that were sent arrive all the same.
    void killOne() {
        workers.remove(random.nextInt(workers.size())).dead = true;
    }

    /// A worker ends in order: it returns what it holds.
    void endOne() {
        Worker worker = workers.remove(random.nextInt(workers.size()));
        worker.dead = true;
        worker.book.close(nanos()).ifPresent(worker::send);
    }

    int workers() {
        return workers.size();
    }

    /// The grantor is gone for a while: questions wait in the log.
    void loseGrantor(Duration until) {
        grantorBackAt = now + until.toMillis();
    }

    void run(Duration time) {
        long end = now + time.toMillis();
        while (!events.isEmpty() && events.peek().at() <= end) {
            Event event = events.poll();
            now = event.at();
            event.action().run();
        }
        now = end;
    }

    private void in(long millis, Runnable action) {
        events.add(new Event(now + millis, order++, action));
    }

    private long upTo(long millis) {
        return random.nextInt(3) == 0 ? 0 : random.nextLong(millis + 1);
    }

    private long nanos() {
        return now * 1_000_000L;
    }

    /// Appended to the log in some order, granted in that order by the time of appending, however late.
    private void ask(Worker worker, LeaseBook.Ask ask) {
        asks++;
        AskLease event = new AskLease(new EventMeta("e" + order, null, null, now), "sim", worker.name, "1",
                ask.leaseId(), ask.requests(), ask.tokens(),
                ask.firstTokens(), scopes,
                ask.uses().stream()
                        .map(use -> new LeaseUse(use.leaseId(), use.requests(), use.tokens(), use.lastUse().toMillis()))
                        .toList());
        in(1 + upTo(messageJitter), () -> {
            long appended = appendedAt = Math.max(appendedAt, now);
            in(Math.max(0, grantorBackAt - now) + 1 + upTo(messageJitter), () -> {
                QuotaMachine.Grant grant = machine.answer(ledger, event, appended);
                in(1 + upTo(messageJitter), () -> worker.hear(ask.leaseId(), grant));
            });
        });
    }

    private final class Worker {

        private final String name;
        private final LeaseBook book;
        private boolean dead;

        Worker(String name) {
            this.name = name;
            this.book = new LeaseBook(name + "/1");
        }

        void tick() {
            if (!dead) {
                advance();
                in(TICK, this::tick);
            }
        }

        private void advance() {
            book.serve(nanos());
            book.nextAsk(nanos()).ifPresent(this::send);
        }

        private void send(LeaseBook.Ask ask) {
            ask(this, ask);
        }

        void hear(String leaseId, QuotaMachine.Grant grant) {
            if (!dead) {
                book.granted(leaseId, grant.requests(), grant.tokens(), Duration.ofMillis(grant.validMillis()),
                        Duration.ofMillis(grant.waitMillis()), nanos());
                advance();
            }
        }

        void call() {
            if (dead) {
                return;
            }
            long reserve = 300 + random.nextInt(200);
            long tokens = 100 + random.nextLong(reserve - 100);
            LeaseBook.Waiter[] self = new LeaseBook.Waiter[1];
            self[0] = book.enter(random.nextInt(3), reserve, () -> in(0, () -> sent(self[0], tokens)));
        }

        private void sent(LeaseBook.Waiter waiter, long tokens) {
            LeaseBook.Permit permit = Objects.requireNonNull(waiter.permit());
            long sentAt = nanos();
            in(upTo(sendJitter), () -> provider.arrived(now, tokens));
            in(sendJitter + 100 + random.nextInt(4_000), () -> {
                if (!dead) {
                    book.settle(permit, sentAt, random.nextInt(20) == 0 ? null : tokens, nanos());
                    call();
                }
            });
        }
    }

    /// What a provider sees, by its own clock.
    static final class Provider {

        private final long window;
        private final List<long[]> arrivals = new ArrayList<>();

        Provider(long window) {
            this.window = window;
        }

        void arrived(long at, long tokens) {
            arrivals.add(new long[] {at, tokens});
        }

        long mostRequests() {
            return most(false);
        }

        long mostTokens() {
            return most(true);
        }

        long requestsBetween(long from, long to) {
            return arrivals.stream().filter(arrival -> arrival[0] >= from && arrival[0] < to).count();
        }

        long tokensBetween(long from, long to) {
            return arrivals.stream().filter(arrival -> arrival[0] >= from && arrival[0] < to)
                    .mapToLong(arrival -> arrival[1]).sum();
        }

        /// An arrival leaves the window once it is a whole window old; the fullest window ends with an arrival.
        private long most(boolean tokens) {
            long most = 0;
            long inside = 0;
            int first = 0;
            for (long[] arrival : arrivals) {
                inside += tokens ? arrival[1] : 1;
                while (arrival[0] - arrivals.get(first)[0] >= window) {
                    inside -= tokens ? arrivals.get(first)[1] : 1;
                    first++;
                }
                most = Math.max(most, inside);
            }
            return most;
        }
    }
}
