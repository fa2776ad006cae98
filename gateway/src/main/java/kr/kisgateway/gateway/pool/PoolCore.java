package kr.kisgateway.gateway.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import kr.kisgateway.gateway.pool.Allocation.Mode;
import kr.kisgateway.gateway.pool.Allocation.Reason;
import kr.kisgateway.gateway.pool.Demand.Kind;
import kr.kisgateway.gateway.pool.Demand.Use;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;

/**
 * Decides which demands have a registration.
 *
 * <p><b>Problem.</b> KIS takes 41 registrations a socket, execution notices among them, and blocks keys that change them all
 * the time. Clients come and go and want more than that.
 *
 * <p><b>Policy.</b> Every requested (kind, symbol) is a demand with a weight: what its subscribers use it for, much more for
 * an open order, more than anything for a symbol of the settings. A free slot is taken at once. When all are taken a newcomer
 * must weigh 1.5 times a registered demand, for {@link PoolRules#outweighTime}, before it takes that one's slot; a registered
 * demand keeps its slot for {@link PoolRules#dwell}. So weights that do not change lead to a choice that does not change:
 * each exchange adds weight to what is registered. No minute sees more than {@link PoolRules#churnPerMinute} registration
 * requests. Slots of execution notices are none of these: they are deducted first ({@link Input.Capacity}). Demands without a
 * registration are polled, and so are those that KIS does not confirm. A raw demand cannot be polled: it waits for a slot, and
 * one that outweighs no registered demand by half has none to expect ({@link #hasPlaceFor}).
 *
 * <p><b>Shares.</b> The symbols of one API key have at most {@link PoolRules#keyShare} of a hundred slots before those of other
 * keys: the ones it subscribed to first. A demand that only keys beyond their share have takes a free slot as any demand does,
 * and ranks behind all others, whatever its weight. It yields by the same rules for changes.
 *
 * <p><b>Statuses.</b> Whether a stock is halted is a registration of its own, worth having, but no subscriber waits for it.
 * So it takes only what is left over: a slot without a demand, for a Korean stock whose trades KIS has confirmed, and no more
 * than half of a minute's changes. It yields at once, without patience and dwell, to any demand, and then none is registered
 * for {@link PoolRules#dwell}, so that coming and going moves nothing. Statuses are no part of the choice above: they are
 * counted beside it.
 *
 * <p><b>Cost.</b> An input about one demand costs the same however many there are; {@link Input.Tick} examines all waiting
 * demands.
 *
 * <p><b>Weak spot.</b> Weights count subscriptions, not people: a client with many connections weighs more.
 */
public final class PoolCore {
    public sealed interface Input {
        /**
         * A new subscriber; answered by {@link Effect.SubscribeResult}.
         *
         * @param key API key of the subscriber; empty for a caller without a share
         */
        record Subscribe(Demand demand, Use use, Optional<String> key) implements Input {}

        /** @param key as in {@link Subscribe} */
        record Unsubscribe(Demand demand, Use use, Optional<String> key) implements Input {}

        /** The settings name it, permanently. */
        record Pin(Demand demand) implements Input {}

        /** The gateway has open orders in exactly these symbols. */
        record OpenOrderSymbols(Set<? extends MarketSymbol> symbols) implements Input {}

        /** Registrations that the sockets take now, and how many of them execution notices have. */
        record Capacity(int registrations, int notices) implements Input {}

        /** KIS confirmed the registration. */
        record Acked(Demand demand) implements Input {}

        /** The registration was lost: its socket closed. */
        record Lost(Demand demand) implements Input {}

        /** KIS, or the session, refused it. */
        record Refused(Demand demand) implements Input {}

        record Tick() implements Input {}
    }

    public sealed interface Effect {
        record Register(Demand demand) implements Effect {}

        record Release(Demand demand) implements Effect {}

        /** The mode to publish to subscribers. To PUSH it follows the confirmation, and trades made meanwhile are lost. */
        record ModeChanged(Demand demand, Mode mode) implements Effect {}

        /** How the new subscriber is served. */
        record SubscribeResult(Mode mode) implements Effect {}

        /** No subscriber is left, and it is not polled. */
        record Removed(Demand demand) implements Effect {}
    }

    /** @param effects to be carried out in this order */
    public record Step(List<Effect> effects) {
        public Step {
            effects = List.copyOf(effects);
        }
    }

    private static final class DemandState {
        private final Demand demand;
        private final long sequence;
        private final Map<Use, Integer> uses = new EnumMap<>(Use.class);
        /** Subscribers without a share, plus keys that have the demand within their share. */
        private int entitled;

        private boolean pinned;
        private boolean hasOpenOrder;
        private long weight;
        private boolean registered;
        private boolean acked;
        private Instant registeredAt = Instant.MIN;
        private Optional<Mode> publishedMode = Optional.empty();
        private Instant modeSince = Instant.MIN;
        private Optional<Instant> outweighsSince = Optional.empty();
        private Instant retryAt = Instant.MIN;
        private Instant idleSince = Instant.MAX;
        private Optional<Status> status = Optional.empty();

        DemandState(Demand demand, long sequence) {
            this.demand = demand;
            this.sequence = sequence;
        }

        int listeners() {
            return uses.values().stream().mapToInt(Integer::intValue).sum();
        }

        /** How its values are delivered without a registration. */
        Mode substitute() {
            return demand instanceof RawDemand ? Mode.NONE : Mode.POLL;
        }

        boolean isWanted() {
            return pinned || !uses.isEmpty();
        }

        long weight() {
            return weight;
        }

        /** Whether it ranks before demands of keys beyond their share. */
        boolean isWithinShare() {
            return pinned || hasOpenOrder || entitled > 0;
        }

        /** Call after any change of its inputs; the weight is compared far more often. */
        void updateWeight() {
            long sum = pinned ? PINNED : 0;
            for (var use : uses.entrySet()) {
                sum += (long) use.getValue()
                        * switch (use.getKey()) {
                            case TAPE -> TAPE;
                            case BOOK -> BOOK;
                            case QUOTE -> QUOTE;
                            case RAW -> RAW;
                        };
            }
            weight = sum > 0 && hasOpenOrder ? sum + ORDERED : sum;
        }
    }

    /** The registration for halts, of a stock whose trades are registered. */
    private static final class Status {
        private final Demand demand;
        private final long sequence;
        private final Instant since;
        private boolean acked;

        Status(Demand demand, long sequence, Instant since) {
            this.demand = demand;
            this.sequence = sequence;
            this.since = since;
        }
    }

    /** Only the push has the tape; polling a book costs a whole call, and polling a quote a thirtieth of one. */
    private static final long TAPE = 4;

    private static final long BOOK = 3;
    private static final long QUOTE = 2;
    /** Nothing replaces it: enough to outweigh a client that takes tape and quote. */
    private static final long RAW = 12;

    private static final long ORDERED = 100;
    /** More than all possible subscribers together. */
    private static final long PINNED = 1_000_000;

    private static final Duration MINUTE = Duration.ofMinutes(1);
    /** KIS that refuses a status will refuse it again; the changes are better spent on subscribers' demands. */
    private static final Duration STATUS_RETRY = Duration.ofMinutes(30);

    private static final Comparator<DemandState> RANK =
            Comparator.comparing(DemandState::isWithinShare).thenComparingLong(DemandState::weight);

    private static final Comparator<DemandState> HEAVIEST = RANK.reversed().thenComparingLong(entry -> entry.sequence);
    /** Of two equal weights the newer one yields. */
    private static final Comparator<DemandState> LIGHTEST = HEAVIEST.reversed();

    private final PoolRules rules;
    private final Map<Demand, DemandState> entries = new LinkedHashMap<>();
    private final Set<DemandState> registered = new LinkedHashSet<>();
    private final Set<DemandState> waiting = new LinkedHashSet<>();
    private final Set<DemandState> idle = new LinkedHashSet<>();
    private final Map<String, KeyShare<DemandState>> shares = new HashMap<>();
    /** By the demand whose trades they belong to. */
    private final Map<Demand, Status> statuses = new LinkedHashMap<>();
    /** Earliest retry of a refused status; only for registered trades. */
    private final Map<Demand, Instant> statusRetryAt = new HashMap<>();

    private final ArrayDeque<Instant> changes = new ArrayDeque<>();
    private Set<MarketSymbol> openOrderSymbols = Set.of();
    private Instant statusEvictedAt = Instant.MIN;
    private Instant demandRegisteredAt = Instant.MIN;
    private Instant unsettledSince = Instant.MIN;
    private int slots;
    private long lastSequence;

    public PoolCore(PoolRules rules) {
        this.rules = rules;
    }

    public Step handle(Input input, Instant now) {
        var effects = new ArrayList<Effect>();
        switch (input) {
            case Input.Subscribe(Demand demand, Use use, Optional<String> key) -> {
                var entry = entry(demand);
                entry.uses.merge(use, 1, Integer::sum);
                entitle(entry, key);
                entry.updateWeight();
                onWanted(entry, now, effects);
                effects.add(new Effect.SubscribeResult(entry.publishedMode.orElseThrow()));
            }
            case Input.Unsubscribe(Demand demand, Use use, Optional<String> key) ->
                Optional.ofNullable(entries.get(demand)).ifPresent(entry -> {
                    entry.uses.computeIfPresent(use, (_, count) -> count > 1 ? count - 1 : null);
                    disentitle(entry, key);
                    entry.updateWeight();
                    onUnwanted(entry, now, effects);
                });
            case Input.Pin(Demand demand) -> {
                var entry = entry(demand);
                entry.pinned = true;
                entry.updateWeight();
                onWanted(entry, now, effects);
            }
            case Input.OpenOrderSymbols(Set<? extends MarketSymbol> symbols) -> {
                openOrderSymbols = Set.copyOf(symbols);
                entries.values().forEach(entry -> {
                    entry.hasOpenOrder = hasOpenOrder(entry.demand);
                    entry.updateWeight();
                });
            }
            case Input.Capacity(int registrations, int notices) -> {
                slots = Math.max(0, registrations - notices);
                shares.values().forEach(share -> share.resize(keyShare(), PoolCore::count));
                evictExcess(now, effects);
                fillSlots(now, effects);
            }
            case Input.Acked(Demand demand)
            when demand.isOf(Kind.STATUS) -> status(demand).ifPresent(status -> status.acked = true);
            case Input.Lost(Demand demand)
            when demand.isOf(Kind.STATUS) -> status(demand).ifPresent(status -> status.acked = false);
            case Input.Refused(Demand demand)
            when demand.isOf(Kind.STATUS) ->
                status(demand).ifPresent(status -> {
                    statusRetryAt.put(tradesDemand(demand), now.plus(STATUS_RETRY));
                    releaseStatus(status, effects);
                });
            case Input.Acked(Demand demand) -> registeredEntry(demand).ifPresent(entry -> onAcked(entry, now, effects));
            case Input.Lost(Demand demand) ->
                registeredEntry(demand).filter(entry -> entry.acked).ifPresent(entry -> {
                    entry.acked = false;
                    entry.registeredAt = now;
                });
            case Input.Refused(Demand demand) ->
                registeredEntry(demand).ifPresent(entry -> {
                    entry.retryAt = now.plus(rules.retryDelay());
                    release(entry, now, effects);
                });
            case Input.Tick() -> onTick(now, effects);
        }
        return new Step(effects);
    }

    /** Slots for demands: what the sockets take, less those of the execution notices. */
    public int slots() {
        return slots;
    }

    /** Slots taken, those of statuses included. */
    public int taken() {
        return registered.size() + statuses.size();
    }

    /** Slots of statuses; any demand takes them. */
    public int statuses() {
        return statuses.size();
    }

    /** Registrations that may still be requested in this minute. */
    public int churnLeft(Instant now) {
        expireChanges(now);
        return rules.churnPerMinute() - changes.size();
    }

    /** Registrations that may be requested in any minute. */
    public int churnMax() {
        return rules.churnPerMinute();
    }

    /** Slots that one API key's symbols have before those of others. */
    public int keyShare() {
        return Math.max(1, slots * rules.keyShare() / 100);
    }

    /** The lightest registered weight with a subscriber; a newcomer has to outweigh it by half. */
    public Optional<Long> lightestWeight() {
        return registered.stream()
                .filter(DemandState::isWanted)
                .map(DemandState::weight)
                .min(Comparator.naturalOrder());
    }

    /**
     * Whether a new raw demand may be registered, at once or once it has outweighed another for long enough. As many may wait as
     * there are slots.
     *
     * @param key API key of the subscriber: within its share it comes before demands of keys beyond theirs
     */
    public boolean hasPlaceFor(RawDemand demand, Optional<String> key) {
        if (entries.containsKey(demand) || slots == 0 || registered.size() - idle.size() < slots) {
            return true;
        }
        boolean within = key.map(shares::get).map(KeyShare::hasRoom).orElse(true);
        long rawWaiting = waiting.stream()
                .filter(entry -> entry.demand instanceof RawDemand)
                .count();
        return rawWaiting < slots
                && registered.stream()
                        .filter(DemandState::isWanted)
                        .anyMatch(entry -> entry.isWithinShare() == within ? isOutweighed(entry, RAW) : within);
    }

    /** Whether the registration of {@code demand} was refused and is not retried yet. */
    public boolean isRefused(Demand demand, Instant now) {
        return Optional.ofNullable(entries.get(demand))
                .filter(entry -> !entry.registered && now.isBefore(entry.retryAt))
                .isPresent();
    }

    /** Allocation of {@code demand}; empty without subscriber and registration. */
    public Optional<Allocation> allocation(Demand demand, Instant now) {
        if (demand.isOf(Kind.STATUS)) {
            return Optional.ofNullable(entries.get(tradesDemand(demand)))
                    .filter(this::mayHaveStatus)
                    .map(entry -> statusAllocation(entry, now));
        }
        return Optional.ofNullable(entries.get(demand)).map(entry -> allocation(entry, now));
    }

    /** All demands with a subscriber or a registration, the heaviest first, followed by the statuses of registered ones. */
    public List<Allocation> allocations(Instant now) {
        var sorted = entries.values().stream().sorted(HEAVIEST).toList();
        return Stream.concat(
                        sorted.stream().map(entry -> allocation(entry, now)),
                        sorted.stream().filter(this::mayHaveStatus).map(entry -> statusAllocation(entry, now)))
                .toList();
    }

    private Allocation allocation(DemandState entry, Instant now) {
        return new Allocation(
                entry.demand,
                entry.registered,
                entry.publishedMode.orElse(entry.substitute()),
                reason(entry, now),
                entry.weight(),
                entry.listeners(),
                entry.pinned,
                entry.hasOpenOrder,
                entry.modeSince);
    }

    private Reason reason(DemandState entry, Instant now) {
        if (entry.registered) {
            if (!entry.isWanted()) {
                return Reason.LINGERING;
            }
            return entry.acked ? entry.pinned ? Reason.PINNED : Reason.DEMAND : Reason.UNCONFIRMED;
        }
        if (slots == 0) {
            return Reason.NO_SLOTS;
        }
        if (now.isBefore(entry.retryAt)) {
            return Reason.REFUSED;
        }
        if (registered.size() - idle.size() < slots) {
            return Reason.CHURN;
        }
        if (entry.outweighsSince.isPresent()) {
            return Reason.RISING;
        }
        return entry.isWithinShare() ? Reason.OUTWEIGHED : Reason.OVER_SHARE;
    }

    /** Weighs nothing: it is worth a slot that is left over, and no more. */
    private Allocation statusAllocation(DemandState entry, Instant now) {
        var status = Optional.ofNullable(statuses.get(entry.demand));
        return new Allocation(
                status(entry),
                status.isPresent(),
                status.filter(it -> it.acked).isPresent() ? Mode.PUSH : Mode.NONE,
                status.map(it -> it.acked ? Reason.SPARE : Reason.UNCONFIRMED)
                        .orElseGet(() -> noStatusReason(entry, now)),
                0,
                0,
                false,
                entry.hasOpenOrder,
                status.map(it -> it.since).orElse(entry.registeredAt));
    }

    private Reason noStatusReason(DemandState entry, Instant now) {
        if (statusRetryAt.getOrDefault(entry.demand, Instant.MIN).isAfter(now)) {
            return Reason.REFUSED;
        }
        if (taken() >= slots) {
            return Reason.OUTWEIGHED;
        }
        if (now.isBefore(statusCooldownEnd())) {
            return Reason.YIELDED;
        }
        return entry.acked && !now.isBefore(settledAt()) ? Reason.CHURN : Reason.UNCONFIRMED;
    }

    private boolean mayHaveStatus(DemandState entry) {
        return rules.statuses()
                && entry.registered
                && entry.demand.isOf(Kind.TRADES)
                && entry.demand.venue().isEmpty()
                && entry.demand.market().equals(Market.KOREA);
    }

    private static Demand status(DemandState entry) {
        return new SymbolDemand(Kind.STATUS, entry.demand.ofSymbol().orElseThrow());
    }

    private static Demand tradesDemand(Demand status) {
        return new SymbolDemand(Kind.TRADES, status.ofSymbol().orElseThrow());
    }

    private Optional<Status> status(Demand demand) {
        return Optional.ofNullable(statuses.get(tradesDemand(demand)));
    }

    private DemandState entry(Demand demand) {
        return entries.computeIfAbsent(demand, key -> {
            var entry = new DemandState(key, ++lastSequence);
            entry.hasOpenOrder = hasOpenOrder(key);
            return entry;
        });
    }

    private boolean hasOpenOrder(Demand demand) {
        return demand.ofSymbol()
                .map(MarketSymbol::listed)
                .filter(openOrderSymbols::contains)
                .isPresent();
    }

    private void entitle(DemandState entry, Optional<String> key) {
        if (key.isEmpty()) {
            entry.entitled++;
        } else {
            shares.computeIfAbsent(key.get(), _ -> new KeyShare<>(keyShare())).add(entry, PoolCore::count);
        }
    }

    private void disentitle(DemandState entry, Optional<String> key) {
        if (key.isEmpty()) {
            entry.entitled--;
        } else {
            shares.computeIfPresent(key.get(), (_, share) -> share.remove(entry, PoolCore::count) ? null : share);
        }
    }

    private static void count(DemandState entry, boolean within) {
        entry.entitled += within ? 1 : -1;
    }

    /** The entry of {@code demand}, while it has a registration. */
    private Optional<DemandState> registeredEntry(Demand demand) {
        return Optional.ofNullable(entries.get(demand)).filter(entry -> entry.registered);
    }

    private void onWanted(DemandState entry, Instant now, List<Effect> effects) {
        if (entry.registered) {
            idle.remove(entry);
            return;
        }
        waiting.add(entry);
        if (canRegister(entry, now)) {
            register(entry, now, effects);
        }
        if (entry.publishedMode.isEmpty()) {
            publishMode(entry, entry.registered ? Mode.PUSH : entry.substitute(), now, effects);
        }
    }

    private void onUnwanted(DemandState entry, Instant now, List<Effect> effects) {
        if (entry.isWanted() || idle.contains(entry)) {
            return;
        }
        if (entry.registered) {
            entry.idleSince = now;
            idle.add(entry);
        } else {
            remove(entry, effects);
        }
    }

    private void remove(DemandState entry, List<Effect> effects) {
        waiting.remove(entry);
        entries.remove(entry.demand);
        effects.add(new Effect.Removed(entry.demand));
    }

    private boolean canRegister(DemandState entry, Instant now) {
        return registered.size() - idle.size() < slots && !now.isBefore(entry.retryAt) && churnLeft(now) > 0;
    }

    /** Takes a slot, if necessary from a status, or from the demand without subscribers for longest. */
    private void register(DemandState entry, Instant now, List<Effect> effects) {
        if (taken() >= slots && !statuses.isEmpty()) {
            evictStatus(now, effects);
        }
        if (taken() >= slots) {
            release(idle.iterator().next(), now, effects);
        }
        waiting.remove(entry);
        registered.add(entry);
        changes.addLast(now);
        entry.registered = true;
        entry.acked = false;
        entry.registeredAt = now;
        if (!now.isBefore(settledAt())) {
            unsettledSince = now;
        }
        demandRegisteredAt = now;
        entry.outweighsSince = Optional.empty();
        effects.add(new Effect.Register(entry.demand));
    }

    private void release(DemandState entry, Instant now, List<Effect> effects) {
        Optional.ofNullable(statuses.get(entry.demand)).ifPresent(status -> releaseStatus(status, effects));
        statusRetryAt.remove(entry.demand);
        registered.remove(entry);
        entry.registered = false;
        entry.acked = false;
        effects.add(new Effect.Release(entry.demand));
        if (idle.remove(entry)) {
            remove(entry, effects);
        } else {
            waiting.add(entry);
            publishMode(entry, entry.substitute(), now, effects);
        }
    }

    private void onAcked(DemandState entry, Instant now, List<Effect> effects) {
        entry.acked = true;
        publishMode(entry, Mode.PUSH, now, effects);
    }

    private void publishMode(DemandState entry, Mode mode, Instant now, List<Effect> effects) {
        if (!entry.publishedMode.equals(Optional.of(mode))) {
            entry.publishedMode = Optional.of(mode);
            entry.modeSince = now;
            effects.add(new Effect.ModeChanged(entry.demand, mode));
        }
    }

    private void onTick(Instant now, List<Effect> effects) {
        evictExcess(now, effects);
        idle.stream()
                .filter(entry -> !now.isBefore(entry.idleSince.plus(rules.linger())))
                .toList()
                .forEach(entry -> release(entry, now, effects));
        for (var entry : registered) {
            if (!entry.acked && entry.isWanted() && !now.isBefore(entry.registeredAt.plus(rules.confirmTimeout()))) {
                publishMode(entry, entry.substitute(), now, effects);
            }
        }
        fillSlots(now, effects);
        replaceOutweighed(now, effects);
        fillWithStatuses(now, effects);
    }

    /** Evicts the status registered last. */
    private void evictStatus(Instant now, List<Effect> effects) {
        statuses.values().stream()
                .max(Comparator.comparingLong(status -> status.sequence))
                .ifPresent(status -> {
                    releaseStatus(status, effects);
                    statusEvictedAt = now;
                });
    }

    /** A client that subscribes to many stocks needs the slots that are free after its first ones; one that never stops is not waited for. */
    private Instant settledAt() {
        var quiet = demandRegisteredAt.plus(rules.linger());
        var latest = unsettledSince.plus(rules.dwell());
        return quiet.isBefore(latest) ? quiet : latest;
    }

    private Instant statusCooldownEnd() {
        return statusEvictedAt.plus(rules.dwell());
    }

    private void releaseStatus(Status status, List<Effect> effects) {
        statuses.remove(tradesDemand(status.demand));
        effects.add(new Effect.Release(status.demand));
    }

    /** Gives slots left over to the statuses of the heaviest demands. */
    private void fillWithStatuses(Instant now, List<Effect> effects) {
        if (!rules.statuses() || taken() >= slots || now.isBefore(statusCooldownEnd()) || now.isBefore(settledAt())) {
            return;
        }
        var eligible = registered.stream()
                .filter(this::mayHaveStatus)
                .filter(entry -> entry.acked && entry.isWanted() && !statuses.containsKey(entry.demand))
                .filter(entry ->
                        !statusRetryAt.getOrDefault(entry.demand, Instant.MIN).isAfter(now))
                .sorted(HEAVIEST)
                .toList();
        for (var entry : eligible) {
            // Half of the minute's changes is reserved for demands with subscribers.
            if (taken() >= slots || churnLeft(now) * 2 <= rules.churnPerMinute()) {
                return;
            }
            changes.addLast(now);
            var status = new Status(status(entry), ++lastSequence, now);
            statuses.put(entry.demand, status);
            effects.add(new Effect.Register(status.demand));
        }
    }

    /** The sockets take fewer than before: evicts the lightest, whatever the rules for changes. */
    private void evictExcess(Instant now, List<Effect> effects) {
        while (taken() > slots && !statuses.isEmpty()) {
            evictStatus(now, effects);
        }
        if (registered.size() > slots) {
            registered.stream()
                    .sorted(LIGHTEST)
                    .limit(registered.size() - slots)
                    .toList()
                    .forEach(entry -> release(entry, now, effects));
        }
    }

    private void fillSlots(Instant now, List<Effect> effects) {
        if (waiting.isEmpty() || registered.size() - idle.size() >= slots) {
            return;
        }
        for (var entry : waiting.stream().sorted(HEAVIEST).toList()) {
            if (canRegister(entry, now)) {
                register(entry, now, effects);
            }
        }
    }

    private void replaceOutweighed(Instant now, List<Effect> effects) {
        if (waiting.isEmpty() || slots == 0) {
            return;
        }
        if (isBalanced()) {
            waiting.forEach(entry -> entry.outweighsSince = Optional.empty());
            return;
        }
        var newcomers = waiting.stream()
                .filter(entry -> !now.isBefore(entry.retryAt))
                .sorted(HEAVIEST)
                .toList();
        var incumbents = registered.stream()
                .filter(DemandState::isWanted)
                .sorted(LIGHTEST)
                .toList();
        for (var i = 0; i < newcomers.size(); i++) {
            var newcomer = newcomers.get(i);
            if (i >= incumbents.size() || !outweighs(newcomer, incumbents.get(i))) {
                newcomer.outweighsSince = Optional.empty();
                continue;
            }
            var incumbent = incumbents.get(i);
            if (newcomer.outweighsSince.isEmpty()) {
                newcomer.outweighsSince = Optional.of(now);
            }
            boolean outweighsLongEnough =
                    !now.isBefore(newcomer.outweighsSince.get().plus(rules.outweighTime()));
            boolean hasDwelt = !now.isBefore(incumbent.registeredAt.plus(rules.dwell()));
            if (outweighsLongEnough && hasDwelt && churnLeft(now) > 0) {
                release(incumbent, now, effects);
                register(newcomer, now, effects);
            }
        }
    }

    /** The usual case, detected without sorting all waiting demands. */
    private boolean isBalanced() {
        var heaviest = waiting.stream().max(RANK);
        var lightest = registered.stream().filter(DemandState::isWanted).min(RANK);
        return heaviest.isEmpty() || lightest.isEmpty() || !outweighs(heaviest.get(), lightest.get());
    }

    /** By half of its weight at least, so that one subscriber more or less moves nothing. */
    private static boolean outweighs(DemandState newcomer, DemandState incumbent) {
        if (newcomer.isWithinShare() != incumbent.isWithinShare()) {
            return newcomer.isWithinShare();
        }
        return isOutweighed(incumbent, newcomer.weight());
    }

    private static boolean isOutweighed(DemandState incumbent, long weight) {
        return weight * 2 >= incumbent.weight() * 3;
    }

    private void expireChanges(Instant now) {
        while (!changes.isEmpty() && !now.isBefore(changes.getFirst().plus(MINUTE))) {
            changes.removeFirst();
        }
    }
}
