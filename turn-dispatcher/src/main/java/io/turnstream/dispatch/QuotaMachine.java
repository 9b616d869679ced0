package io.turnstream.dispatch;

import io.turnstream.contracts.AskLease;
import io.turnstream.contracts.LeaseUse;
import io.turnstream.contracts.QuotaScope;
import io.turnstream.contracts.state.QuotaLease;
import io.turnstream.contracts.state.QuotaLedger;
import io.turnstream.contracts.state.QuotaWaiter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Grants leases under a quota. Pure: the ledger and the broker's time of the question come in, so that whoever grants,
/// wherever, grants the same.
///
/// - **Never more than the quota in any window.** A lease counts from when it was asked for until the last attempt
///   under it can have left a window of the provider's, see [QuotaTerms]. A worker that dies never reports, so its
///   lease counts in full.
/// - **Evenly.** Of each scope no more is granted within a twelfth of a window than a twelfth of its quota: a worker
///   cannot send what a minute allows in its first second.
/// - **In turn.** Who was told to come back is served before those who came later; a lease is no larger than a worker's
///   share of half a lease's life.
/// - **The smaller holds.** Of several limits that were stated for a scope within the window, the smallest binds
///   everybody.
final class QuotaMachine {

    private static final int PACES_PER_WINDOW = 12;
    /// Tokens are reserved on the safe side: at the pace of the quota much of it would never be used.
    private static final int TOKEN_HASTE = 2;
    private static final long SHORTEST_WAIT = 100;
    private static final long LONGEST_WAIT = 5_000;
    private static final long AGAIN_AFTER_GRANT = 250;
    private static final long WAVERS = 1_000;
    private static final long WAITER_PATIENCE = 3_000;

    private final long window;
    private final long leaseLife;
    private final long margin;

    QuotaMachine(QuotaTerms terms) {
        this.window = terms.window().toMillis();
        this.leaseLife = terms.leaseLife().toMillis();
        this.margin = terms.margin().toMillis();
    }

    /// What is said to a worker that asks.
    ///
    /// @param requests attempts it may send; 0 for none
    /// @param tokens tokens for them; -1 where nothing limits them
    /// @param validMillis how long after the question
    /// @param waitMillis when to ask again
    record Grant(int requests, long tokens, long validMillis, long waitMillis) {}

    /// A ledger in which nothing stands.
    static QuotaLedger empty() {
        return new QuotaLedger(0L, new ArrayList<>(), new ArrayList<>());
    }

    /// Takes a worker's reports and answers its question, if it has one; what is granted stands in the ledger then.
    ///
    /// @param brokerMillis when the broker was given the question
    Grant answer(QuotaLedger ledger, AskLease ask, long brokerMillis) {
        long now = tellTime(ledger, brokerMillis);
        ask.getUses().forEach(use -> report(ledger, use));
        // the lists that Avro reads cannot be shortened
        ledger.setLeases(new ArrayList<>(ledger.getLeases().stream()
                .filter(lease -> endOf(lease) > now && (lease.getRequests() > 0 || lease.getTokens() > 0)).toList()));
        ledger.setWaiters(new ArrayList<>(
                ledger.getWaiters().stream().filter(waiter -> waiter.getUntilMillis() >= now).toList()));
        return ask.getRequests() <= 0 ? new Grant(0, 0, 0, 0) : grant(ledger, ask, now);
    }

    /// A clock that wavers stands still meanwhile; where one was set back, all times go back with it, as if none had
    /// passed.
    private static long tellTime(QuotaLedger ledger, long brokerMillis) {
        long back = ledger.getLatestMillis() - brokerMillis;
        if (back > WAVERS) {
            ledger.getLeases().forEach(lease -> lease.setGrantedAtMillis(lease.getGrantedAtMillis() - back));
            ledger.getWaiters().forEach(waiter -> {
                waiter.setSinceMillis(waiter.getSinceMillis() - back);
                waiter.setUntilMillis(waiter.getUntilMillis() - back);
            });
        }
        long now = back > WAVERS ? brokerMillis : Math.max(ledger.getLatestMillis(), brokerMillis);
        ledger.setLatestMillis(now);
        return now;
    }

    /// Whether nothing stands in the ledger that could still matter.
    static boolean isEmpty(QuotaLedger ledger) {
        return ledger.getLeases().isEmpty() && ledger.getWaiters().isEmpty();
    }

    private static void report(QuotaLedger ledger, LeaseUse use) {
        for (QuotaLease lease : ledger.getLeases()) {
            if (lease.getLeaseId().equals(use.getLeaseId())) {
                lease.setRequests(Math.max(0, use.getRequests()));
                lease.setTokens(Math.max(0, use.getTokens()));
                lease.setLastUseMillis(Math.max(0, use.getLastUseMillis()));
            }
        }
    }

    private long endOf(QuotaLease lease) {
        return lease.getGrantedAtMillis() + lease.getLastUseMillis() + margin + window;
    }

    private Grant grant(QuotaLedger ledger, AskLease ask, long now) {
        String queue = queueOf(ask.getLeaseId());
        List<Budget> budgets = ask.getScopes().stream().map(scope -> new Budget(ledger, scope, now)).toList();
        List<QuotaWaiter> before = earlier(ledger, ask, queue, now);
        long first = ask.getFirstTokens();
        long reservedTokens = before.stream().mapToLong(QuotaWaiter::getFirstTokens).sum();

        long requests = ask.getRequests();
        long tokens = ask.getTokens();
        boolean tokensLimited = false;
        boolean granted = true;
        int lanes = activeQueues(ledger, queue, now);
        for (Budget budget : budgets) {
            if (budget.requestsPerWindow != null) {
                requests = Math.min(requests, budget.requestRoom() - before.size());
                requests = Math.min(requests, Math.max(1, share(budget.requestsPerWindow, lanes)));
            }
            if (budget.tokensPerWindow != null) {
                tokensLimited = true;
                long least = Math.min(first, budget.tokensPerWindow);
                long room = budget.tokenRoom(least) - Math.min(reservedTokens, budget.tokensPerWindow - least);
                granted &= room >= least;
                tokens = Math.min(tokens, Math.min(room, Math.max(least, share(budget.tokensPerWindow, lanes))));
            }
        }
        if (!granted || requests < 1) {
            long wait = Math.clamp(waitFor(budgets, 1 + before.size(), first, reservedTokens, now), SHORTEST_WAIT,
                    LONGEST_WAIT);
            keepWaiting(ledger, ask, queue, now, now + wait + WAITER_PATIENCE);
            return new Grant(0, 0, 0, wait);
        }
        ledger.getWaiters().removeIf(waiter -> waiter.getQueue().equals(queue));
        if (tokensLimited && ask.getTokens() > 0) {
            // neither attempts without tokens nor tokens without attempts
            requests = Math.clamp(Math.ceilDiv(tokens * ask.getRequests(), ask.getTokens()), 1, requests);
            tokens = Math.min(tokens, Math.max(first, Math.ceilDiv(ask.getTokens() * requests, ask.getRequests())));
        }
        long standsFor = tokensLimited ? tokens : tokens * requests / ask.getRequests();
        ledger.getLeases().add(new QuotaLease(ask.getLeaseId(), now, (int) requests, standsFor, leaseLife,
                new ArrayList<>(ask.getScopes())));
        return new Grant((int) requests, tokensLimited ? tokens : -1, leaseLife, AGAIN_AFTER_GRANT);
    }

    /// What a queue gets at most at a time: its share of what half a lease's life brings.
    private long share(long perWindow, int lanes) {
        return Math.ceilDiv(perWindow * leaseLife, 2 * window * lanes);
    }

    private static String queueOf(String leaseId) {
        return leaseId.substring(0, Math.max(0, leaseId.lastIndexOf('/')));
    }

    private int activeQueues(QuotaLedger ledger, String queue, long now) {
        Set<String> queues = new HashSet<>(Set.of(queue));
        ledger.getWaiters().forEach(waiter -> queues.add(waiter.getQueue()));
        ledger.getLeases().stream().filter(lease -> now - lease.getGrantedAtMillis() < leaseLife)
                .forEach(lease -> queues.add(queueOf(lease.getLeaseId())));
        return queues.size();
    }

    /// Who came before and could be served now but for what is asked for here. Whoever waits for a scope of its own
    /// holds up nobody.
    private List<QuotaWaiter> earlier(QuotaLedger ledger, AskLease ask, String queue, long now) {
        List<String> asked = ask.getScopes().stream().map(QuotaScope::getName).toList();
        long since = ledger.getWaiters().stream().filter(waiter -> waiter.getQueue().equals(queue))
                .mapToLong(QuotaWaiter::getSinceMillis)
                .findFirst().orElse(Long.MAX_VALUE);
        return ledger.getWaiters().stream()
                .filter(waiter -> !waiter.getQueue().equals(queue) && waiter.getSinceMillis() < since)
                .filter(waiter -> waiter.getScopes().stream().filter(scope -> !asked.contains(scope.getName()))
                        .map(scope -> new Budget(ledger, scope, now))
                        .allMatch(budget -> budget.admits(waiter.getFirstTokens())))
                .toList();
    }

    private static void keepWaiting(QuotaLedger ledger, AskLease ask, String queue, long now, long until) {
        for (QuotaWaiter waiter : ledger.getWaiters()) {
            if (waiter.getQueue().equals(queue)) {
                waiter.setUntilMillis(until);
                waiter.setFirstTokens(ask.getFirstTokens());
                return;
            }
        }
        ledger.getWaiters()
                .add(new QuotaWaiter(queue, now, until, ask.getFirstTokens(), new ArrayList<>(ask.getScopes())));
    }

    private static long waitFor(List<Budget> budgets, int requests, long first, long reserved, long now) {
        long at = now;
        for (Budget budget : budgets) {
            at = Math.max(at, budget.whenRequests(requests));
            at = Math.max(at, budget.whenTokens(first, reserved));
        }
        return at - now;
    }

    /// What stands against one scope.
    private final class Budget {

        private final List<QuotaLease> leases;
        private final @Nullable Long requestsPerWindow;
        private final @Nullable Long tokensPerWindow;
        private final long now;

        /// @param asked the scope, with what whoever asks states of it
        Budget(QuotaLedger ledger, QuotaScope asked, long now) {
            this.now = now;
            this.leases = ledger.getLeases().stream().filter(lease -> in(asked, lease.getScopes()).isPresent())
                    .toList();
            Long requests = requestsOf(asked);
            Long tokens = asked.getTokensPerMinute();
            for (QuotaScope stated : Stream.concat(
                    leases.stream().map(QuotaLease::getScopes),
                    ledger.getWaiters().stream().map(QuotaWaiter::getScopes))
                    .flatMap(scopes -> in(asked, scopes).stream()).toList()) {
                requests = smaller(requests, requestsOf(stated));
                tokens = smaller(tokens, stated.getTokensPerMinute());
            }
            this.requestsPerWindow = requests;
            this.tokensPerWindow = tokens;
        }

        private static Optional<QuotaScope> in(QuotaScope asked, List<QuotaScope> scopes) {
            return scopes.stream().filter(scope -> scope.getName().equals(asked.getName())).findFirst();
        }

        private static @Nullable Long requestsOf(QuotaScope scope) {
            return scope.getRequestsPerMinute() == null ? null : Long.valueOf(scope.getRequestsPerMinute());
        }

        private static @Nullable Long smaller(@Nullable Long one, @Nullable Long other) {
            return one == null ? other : other == null ? one : Long.valueOf(Math.min(one, other));
        }

        /// Whether one attempt could be granted.
        boolean admits(long tokens) {
            return (requestsPerWindow == null || requestRoom() >= 1)
                    && (tokensPerWindow == null
                            || tokenRoom(Math.min(tokens, tokensPerWindow)) >= Math.min(tokens, tokensPerWindow));
        }

        long requestRoom() {
            long pace = requestPace();
            long used = leases.stream().mapToLong(QuotaLease::getRequests).sum();
            long recent = recent(span(pace, requestsPerWindow)).mapToLong(QuotaLease::getRequests).sum();
            return Math.min(requestsPerWindow - used, pace - recent);
        }

        long tokenRoom(long least) {
            long pace = tokenPace(least);
            long used = leases.stream().mapToLong(QuotaLease::getTokens).sum();
            long recent = recent(span(pace / TOKEN_HASTE, tokensPerWindow)).mapToLong(QuotaLease::getTokens).sum();
            return Math.min(tokensPerWindow - used, pace - recent);
        }

        private long requestPace() {
            return Math.ceilDiv(requestsPerWindow, PACES_PER_WINDOW);
        }

        private long tokenPace(long least) {
            return Math.max(Math.ceilDiv(tokensPerWindow, PACES_PER_WINDOW), least) * TOKEN_HASTE;
        }

        /// How long the quota takes to bring that many.
        private long span(long pace, long perWindow) {
            return pace * window / perWindow;
        }

        private Stream<QuotaLease> recent(long span) {
            return leases.stream().filter(lease -> now - lease.getGrantedAtMillis() < span);
        }

        /// When so many requests could be granted, if nobody else asks.
        long whenRequests(long needed) {
            if (requestsPerWindow == null) {
                return now;
            }
            long pace = requestPace();
            long span = span(pace, requestsPerWindow);
            return Math.max(
                    when(leases, QuotaMachine.this::endOf, QuotaLease::getRequests, requestsPerWindow - needed),
                    when(recent(span).toList(), lease -> lease.getGrantedAtMillis() + span, QuotaLease::getRequests,
                            pace - Math.min(needed, pace)));
        }

        long whenTokens(long first, long reserved) {
            if (tokensPerWindow == null) {
                return now;
            }
            long least = Math.min(first, tokensPerWindow);
            long needed = least + Math.min(reserved, tokensPerWindow - least);
            long pace = tokenPace(least);
            long span = span(pace / TOKEN_HASTE, tokensPerWindow);
            return Math.max(
                    when(leases, QuotaMachine.this::endOf, QuotaLease::getTokens, tokensPerWindow - needed),
                    when(recent(span).toList(), lease -> lease.getGrantedAtMillis() + span, QuotaLease::getTokens,
                            pace - Math.min(needed, pace)));
        }

        /// When no more than `allowed` is left of some leases, as each leaves at its time.
        private long when(List<QuotaLease> some, ToLongFunction<QuotaLease> leaves,
                ToLongFunction<QuotaLease> weight, long allowed) {
            long left = some.stream().mapToLong(weight).sum();
            long at = now;
            for (QuotaLease lease : some.stream().sorted(Comparator.comparingLong(leaves)).toList()) {
                if (left <= allowed) {
                    break;
                }
                left -= weight.applyAsLong(lease);
                at = leaves.applyAsLong(lease);
            }
            return at;
        }
    }
}
