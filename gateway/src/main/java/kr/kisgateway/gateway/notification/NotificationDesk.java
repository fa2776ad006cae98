package kr.kisgateway.gateway.notification;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import kr.kisgateway.gateway.alert.Acknowledgement;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertMarks;
import kr.kisgateway.gateway.alert.Silence;
import kr.kisgateway.gateway.database.StoreDatabase;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.notification.Notification.About;
import kr.kisgateway.gateway.notification.NotificationCore.Batch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends alerts to channels. One thread decides and writes; each channel has one message under way at most, so that its messages
 * arrive in order, and a channel that fails delays no other. An alert is durable within milliseconds after it was raised. A message
 * that was under way when the process ended is sent again and marked as one that may have arrived.
 */
public final class NotificationDesk implements AlertMarks, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.alert");
    /** Alerts and results that the thread has not taken yet; further alerts are counted as lost. */
    private static final int QUEUE_MAX = 10_000;

    private static final int TAKEN_MAX = 256;
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration RETRY_FIRST = Duration.ofSeconds(1);
    private static final Duration RETRY_LAST = Duration.ofMinutes(5);
    /** Failures in a row after which the channel itself is an alert. */
    private static final int FAILURES_TO_ALERT = 3;

    private static final Duration LOSS_ALERTS_EVERY = Duration.ofMinutes(1);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(3);
    /** Mark of the last day that was summarised. */
    private static final String SUMMARY = "summary";
    /** How long an operator's call waits. */
    private static final Duration DECISION_LIMIT = Duration.ofSeconds(5);

    private sealed interface Input {
        record Taken(Alert alert) implements Input {}

        record Use(AlertRules rules) implements Input {}

        record Ended(Batch batch, Delivery result) implements Input {}

        /** Answered when it is durable. */
        record Decide(Decision<?> decision) implements Input {}

        record Test(String channel, String by, CompletableFuture<Tested> answer) implements Input {}
    }

    /** A change by an operator; {@code change} returns empty when it is refused. */
    private record Decision<T>(Function<NotificationCore, Optional<T>> change, CompletableFuture<Decided<T>> answer) {
        /** What to answer once the changes are written, or are not. */
        Consumer<Boolean> apply(NotificationCore core) {
            Optional<T> result = change.apply(core);
            return isWritten -> answer.complete(
                    result.isEmpty()
                            ? new Decided.Refused<>()
                            : isWritten ? new Decided.Done<>(result.get()) : new Decided.NotStored<>());
        }
    }

    /** How a change by an operator ended. */
    sealed interface Decided<T> {
        /** It is in force and durable. */
        record Done<T>(T value) implements Decided<T> {}

        /** What it is about does not exist, or there are too many. */
        record Refused<T>() implements Decided<T> {}

        /** It may be in force, and a restart forgets it. */
        record NotStored<T>() implements Decided<T> {}
    }

    /** How the test of a channel ended. */
    sealed interface Tested {
        record Sent(String type, Delivery result) implements Tested {}

        /** @param channels that exist */
        record NoChannel(List<String> channels) implements Tested {}

        /** There was no answer in time. */
        record NoAnswer() implements Tested {}
    }

    /** What others may read; replaced when it has changed. */
    private record Marks(
            Map<String, Acknowledgement> acknowledgements, List<Silence> silences, Map<String, Long> positions) {
        Marks {
            acknowledgements = Map.copyOf(acknowledgements);
            silences = List.copyOf(silences);
            positions = Map.copyOf(positions);
        }
    }

    private static final class ChannelState {
        boolean sending;
        int failures;
        Instant notBefore = Instant.MIN;
    }

    private final NotificationStore store;
    private final NotificationCore core;
    private final Supplier<Outgoing> newOutgoing;
    /** Made for the first message, so that a start does not load it. Changed by the thread alone. */
    private Optional<Outgoing> outgoing = Optional.empty();

    private final String source;
    private final AlertLog alerts;
    private final InstantSource clock;
    private final Executor workers;
    private final ArrayBlockingQueue<Input> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final Map<String, ChannelState> states = new HashMap<>();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder overflowed = new LongAdder();
    private final Thread thread;
    private long lossesReported;
    private Instant lossReportedAt = Instant.MIN;
    /** Whether the database lacks changes, because it could not be written. */
    private boolean isBehind;

    /** Receives each notification that was delivered, with the name of its channel. */
    private volatile BiConsumer<String, Notification> deliveries = (channel, notification) -> {};

    private volatile Marks marks = new Marks(Map.of(), List.of(), Map.of());
    private volatile boolean stopping;
    private volatile int waiting;
    private volatile int incidents;
    private volatile long dropped;

    private NotificationDesk(
            NotificationStore store,
            NotificationCore core,
            Supplier<Outgoing> newOutgoing,
            String source,
            AlertLog alerts,
            InstantSource clock,
            Executor workers) {
        this.store = store;
        this.core = core;
        this.newOutgoing = newOutgoing;
        this.source = source;
        this.alerts = alerts;
        this.clock = clock;
        this.workers = workers;
        this.thread = Thread.ofPlatform().name("notifications").unstarted(this::run);
    }

    /**
     * Opens the database and starts sending what it has.
     *
     * @param source names the gateway in messages
     * @param allowsInner whether channels inside the network are allowed
     * @throws NotificationException when the database cannot be used
     */
    public static NotificationDesk start(
            StoreDatabase database,
            AlertRules rules,
            String source,
            boolean allowsInner,
            AlertLog alerts,
            InstantSource clock,
            Executor workers) {
        try {
            var store = NotificationStore.open(database);
            var core = new NotificationCore(store.stored(), clock.instant());
            core.use(rules);
            var desk = new NotificationDesk(
                    store, core, () -> new Outgoing(allowsInner, workers), source, alerts, clock, workers);
            alerts.attach(alert -> desk.offer(new Input.Taken(alert)));
            desk.thread.start();
            return desk;
        } catch (NotificationException e) {
            throw new NotificationException(
                    switch (database) {
                        case StoreDatabase.SqliteFile(Path file) ->
                            "The file " + file + " of alerts that are to be sent cannot be used (" + e.getMessage()
                                    + "): restore it from a backup or delete it; what it has is not sent then.";
                        case StoreDatabase.PostgresSchema _ ->
                            "The alerts that are to be sent, in " + database.description() + ", cannot be used ("
                                    + e.getMessage() + ").";
                    },
                    e);
        }
    }

    /**
     * Copies what a gateway that ran alone has to send, and what was decided about its alerts, to a database that has nothing yet.
     *
     * @return how many rows; empty when {@code target} was used before, then nothing is copied
     * @throws NotificationException when one of them cannot be used
     */
    public static OptionalInt copy(StoreDatabase source, StoreDatabase target) {
        try (var from = NotificationStore.open(source);
                var to = NotificationStore.open(target)) {
            return to.addFrom(from);
        }
    }

    /** Rules that apply from now on. */
    public void use(AlertRules rules) {
        offer(new Input.Use(rules));
    }

    /** Sets the one receiver of deliveries; it must not block. */
    public void onDelivered(DeliveryListener listener) {
        deliveries = (channel, notification) -> listener.delivered(
                channel,
                notification.kind().name().toLowerCase(Locale.ROOT),
                notification.about().event(),
                notification.about().subject());
    }

    /** Receives deliveries. */
    @FunctionalInterface
    public interface DeliveryListener {
        /**
         * A channel accepted a message.
         *
         * @param kind {@code raised}, {@code resolved} or {@code resolved_by_restart}
         * @param event of the alert
         * @param subject of the alert
         */
        void delivered(String channel, String kind, String event, String subject);
    }

    // ---- operators ----

    @Override
    public Optional<Acknowledgement> acknowledgement(AlertEvent event, String subject) {
        return Optional.ofNullable(marks.acknowledgements().get(About.key(event.publicName(), subject)));
    }

    @Override
    public boolean isSilenced(AlertEvent event, String subject, Instant now) {
        return marks.silences().stream().anyMatch(it -> it.covers(event, subject, now));
    }

    /** The silences that are in force. */
    List<Silence> silences() {
        Instant now = clock.instant();
        return marks.silences().stream().filter(it -> now.isBefore(it.until())).toList();
    }

    /** Records that an operator has taken note of an alert that persists; refused when it does not. */
    Decided<Acknowledgement> acknowledge(AlertEvent event, String subject, Acknowledgement by) {
        return decide(it -> it.acknowledge(event, subject, by));
    }

    /** Adds or replaces a silence; refused when there are too many. */
    Decided<Silence> silence(Silence requested) {
        return decide(it -> it.silence(requested));
    }

    /** Ends a silence; refused when there is none of this number. */
    Decided<Silence> endSilence(long id) {
        return decide(it -> it.endSilence(id));
    }

    /**
     * Records that a message to a bot is taken.
     *
     * @return false when it was taken before, also by an earlier process
     */
    public boolean takeUpdate(String bot, long id) {
        return !(decide(it -> it.advance("telegram:" + bot, id)) instanceof Decided.Refused<Long>);
    }

    // ---- messages that are no alerts ----

    /** A message that is no alert. */
    public record Text(String subject, String text, Instant at, Optional<String> orderId) {}

    /** Where a mark is; empty before it was set first. */
    public Optional<Long> position(String mark) {
        return Optional.ofNullable(marks.positions().get(mark));
    }

    /** Sets a mark, also back. */
    public void setPosition(String mark, long value) {
        decide(it -> it.set(mark, value));
    }

    /**
     * Sends fills, and moves the mark up to which they were read; both become durable together. False when that is not certain: the
     * mark then says which fills were sent.
     *
     * @param to names of channels
     */
    public boolean sendFills(List<Text> fills, List<String> to, String mark, long value) {
        return send(Notification.Kind.FILL, fills, to, mark, value);
    }

    /** Sends the summary of a day, unless it was sent before. */
    public void sendSummary(List<Text> accounts, List<String> to, LocalDate day) {
        send(Notification.Kind.DAILY_SUMMARY, accounts, to, SUMMARY, day.toEpochDay());
    }

    /** Whether the summary of a day was sent, or of a later one. */
    public boolean isSummarised(LocalDate day) {
        return position(SUMMARY).filter(it -> it >= day.toEpochDay()).isPresent();
    }

    /** How many alerts of a level were raised on a day in Korea. */
    public long alertsOn(LocalDate day, String level) {
        return position(NotificationCore.ALERTS_OF + level)
                .filter(it -> Math.floorDiv(it, NotificationCore.ALERTS_A_DAY) == day.toEpochDay())
                .map(it -> Math.floorMod(it, NotificationCore.ALERTS_A_DAY))
                .orElse(0L);
    }

    private boolean send(Notification.Kind kind, List<Text> texts, List<String> to, String mark, long value) {
        Instant now = clock.instant();
        String event = kind.name().toLowerCase(Locale.ROOT);
        List<About> messages = texts.stream()
                .map(it -> new About(event, it.subject(), "", it.text(), it.at(), it.orderId()))
                .toList();
        return !(decide(it -> it.send(kind, messages, to, mark, value, now)) instanceof Decided.NotStored<Long>);
    }

    private <T> Decided<T> decide(Function<NotificationCore, Optional<T>> change) {
        var answer = new CompletableFuture<Decided<T>>();
        return queue.offer(new Input.Decide(new Decision<>(change, answer)))
                ? await(answer, DECISION_LIMIT, new Decided.NotStored<>())
                : new Decided.NotStored<>();
    }

    /**
     * Sends a message to a channel that says that it is a test, and waits for its delivery.
     *
     * @param by name of the API key
     */
    Tested test(String channel, String by) {
        var answer = new CompletableFuture<Tested>();
        return queue.offer(new Input.Test(channel, by, answer))
                ? await(answer, Delivery.LIMIT.multipliedBy(3), new Tested.NoAnswer())
                : new Tested.NoAnswer();
    }

    private static <T> T await(CompletableFuture<T> answer, Duration limit, T otherwise) {
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return otherwise;
        } catch (TimeoutException | ExecutionException _) {
            return otherwise;
        }
    }

    /** Registers the meters. */
    public void bindTo(Meters meters) {
        meters.queue("alerts_to_send", queue::size, QUEUE_MAX);
        meters.queue("notifications", () -> waiting, NotificationCore.WAITING_MAX);
        meters.cacheLimit("alert_incidents", () -> incidents, NotificationCore.INCIDENTS_MAX);
        meters.counter("notifications.delivered", "messages", "Messages of alerts that were delivered", delivered::sum);
        meters.counter("notifications.failed", "messages", "Attempts to deliver a message that failed", failed::sum);
        meters.counter(
                "notifications.lost", "notifications", "Alerts that were never sent", () -> dropped + overflowed.sum());
    }

    private void offer(Input input) {
        if (!queue.offer(input)) {
            overflowed.increment();
        }
    }

    // ---- the thread ----

    private void run() {
        try {
            while (!stopping) {
                guardedStep();
            }
            Instant end = clock.instant().plus(STOP_LIMIT);
            while (states.values().stream().anyMatch(state -> state.sending)
                    && clock.instant().isBefore(end)) {
                guardedStep();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** A defect must not end the thread: nothing would be sent any more, and nothing report it. */
    private void guardedStep() throws InterruptedException {
        try {
            step(PAUSE);
        } catch (RuntimeException e) {
            // What had changed in this step may not be in the file; the next one writes all.
            isBehind = true;
            LOG.error("notifications_step_failed", e);
        }
    }

    private void step(Duration pause) throws InterruptedException {
        var inputs = new ArrayList<Input>();
        Input first = queue.poll(pause.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
            inputs.add(first);
            queue.drainTo(inputs, TAKEN_MAX);
        }
        Instant now = clock.instant();
        var answers = new ArrayList<Consumer<Boolean>>();
        inputs.forEach(input -> take(input, answers, now));
        core.tick(now);
        write();
        marks = new Marks(core.acknowledgements(), core.silences(), core.marks());
        answers.forEach(answer -> answer.accept(!isBehind));
        reportLosses(now);
        if (!stopping) {
            List.copyOf(core.rules().channels().keySet()).forEach(channel -> sendNext(channel, now));
        }
        waiting = core.waiting();
        incidents = core.incidents();
        dropped = core.dropped();
    }

    private void take(Input input, List<Consumer<Boolean>> answers, Instant now) {
        switch (input) {
            case Input.Taken(Alert alert) -> core.take(alert, now);
            case Input.Use(AlertRules rules) -> core.use(rules);
            case Input.Ended(Batch batch, Delivery result) -> ended(batch, result, now);
            case Input.Decide(Decision<?> decision) -> answers.add(decision.apply(core));
            case Input.Test(String channel, String by, CompletableFuture<Tested> answer) ->
                test(channel, by, answer, now);
        }
    }

    /** A disk that is full must not silence what reports it: messages are sent also while the file cannot be written. */
    private void write() {
        var changes = core.takeChanges();
        try {
            if (isBehind) {
                store.replaceAll(core);
                isBehind = false;
                LOG.info("notifications_written");
            } else if (!changes.isEmpty()) {
                store.write(changes);
            }
        } catch (NotificationException e) {
            if (!isBehind) {
                LOG.error("notifications_not_written reason=\"{}\"", e.getMessage());
            }
            isBehind = true;
        }
    }

    private void sendNext(String channel, Instant now) {
        var state = states.computeIfAbsent(channel, _ -> new ChannelState());
        if (state.sending || now.isBefore(state.notBefore)) {
            return;
        }
        core.next(channel, now).ifPresent(batch -> {
            markSending(batch);
            state.sending = true;
            try {
                var message = new ChannelMessages(new MessageText(core.rules().language()), source)
                        .of(batch.to(), batch.notifications(), now);
                var client = outgoing.orElseGet(newOutgoing);
                outgoing = Optional.of(client);
                workers.execute(() -> report(batch, deliver(client, message)));
            } catch (RuntimeException e) {
                ended(batch, defect(e, false), now);
            }
        });
    }

    /** Beside the messages of the channel: the caller waits for it. */
    private void test(String name, String by, CompletableFuture<Tested> answer, Instant now) {
        Channel channel = core.rules().channels().get(name);
        if (channel == null) {
            answer.complete(new Tested.NoChannel(
                    core.rules().channels().keySet().stream().sorted().toList()));
            return;
        }
        var messages = new ChannelMessages(new MessageText(core.rules().language()), source);
        var client = outgoing.orElseGet(newOutgoing);
        outgoing = Optional.of(client);
        workers.execute(() -> answer.complete(new Tested.Sent(
                channel.type(),
                messages.test(name, channel, by, now).stream()
                        .map(message -> deliver(client, message))
                        .filter(Delivery.Failed.class::isInstance)
                        .findFirst()
                        .orElseGet(Delivery.Delivered::new))));
    }

    /** A defect is a failed delivery: the channel would wait forever for the end of its message. */
    private static Delivery deliver(Outgoing client, Message message) {
        try {
            return client.send(message);
        } catch (RuntimeException e) {
            return defect(e, true);
        }
    }

    private static Delivery defect(RuntimeException e, boolean maybeDelivered) {
        LOG.error("notification_defect", e);
        return new Delivery.Failed(
                "the message could not be sent: " + e.getClass().getSimpleName(), maybeDelivered, Optional.empty());
    }

    /** A message that cannot be marked is sent all the same: at worst it is sent twice. */
    private void markSending(Batch batch) {
        try {
            store.markSending(batch);
        } catch (NotificationException e) {
            isBehind = true;
            LOG.error("notification_not_marked reason=\"{}\"", e.getMessage());
        }
    }

    private void report(Batch batch, Delivery result) {
        try {
            queue.put(new Input.Ended(batch, result));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void ended(Batch batch, Delivery result, Instant now) {
        var channel = batch.channel();
        var state = states.computeIfAbsent(channel, _ -> new ChannelState());
        state.sending = false;
        switch (result) {
            case Delivery.Delivered() -> {
                delivered.increment();
                core.delivered(batch);
                batch.notifications().forEach(it -> deliveries.accept(channel, it));
                if (state.failures >= FAILURES_TO_ALERT) {
                    alerts.settle(AlertEvent.CHANNEL_FAILED, channel, now);
                }
                state.failures = 0;
                state.notBefore = Instant.MIN;
            }
            case Delivery.Failed(String reason, boolean maybe, Optional<Duration> retryAfter) -> {
                failed.increment();
                core.failed(batch, maybe);
                state.failures++;
                Duration pause = retryAfter.orElseGet(() -> pause(state.failures));
                state.notBefore = now.plus(pause);
                LOG.warn("notification_failed channel={} attempts={} reason=\"{}\"", channel, state.failures, reason);
                if (state.failures == FAILURES_TO_ALERT) {
                    alerts.raise(Alert.of(
                            now,
                            "P2",
                            AlertEvent.CHANNEL_FAILED,
                            channel,
                            "The alert channel " + channel + " does not deliver: " + reason
                                    + ". Its messages wait for up to a day and are repeated."));
                }
            }
        }
    }

    private static Duration pause(int failures) {
        int doublings = Math.min(failures - 1, 16);
        var pause = RETRY_FIRST.multipliedBy(1L << doublings);
        return pause.compareTo(RETRY_LAST) > 0 ? RETRY_LAST : pause;
    }

    private void reportLosses(Instant now) {
        long lost = core.dropped() + overflowed.sum();
        if (lost > lossesReported && !now.isBefore(lossReportedAt.plus(LOSS_ALERTS_EVERY))) {
            long more = lost - lossesReported;
            lossesReported = lost;
            lossReportedAt = now;
            LOG.error("notifications_lost count={}", more);
            alerts.raise(Alert.of(
                    now,
                    "P2",
                    AlertEvent.NOTIFICATIONS_LOST,
                    "notifications",
                    more + " alerts were not sent: too many waited, they waited for a day, or alerts.yaml lacks their"
                            + " channel now. GET /v1/alerts has the last ones."));
        }
    }

    /** Ends sending: a message under way has three seconds. What waits is sent after the next start. */
    @Override
    public void close() {
        stopping = true;
        try {
            thread.join(STOP_LIMIT.plus(STOP_LIMIT));
            outgoing.ifPresent(Outgoing::close);
            store.close();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (NotificationException e) {
            LOG.error("notifications_not_closed reason=\"{}\"", e.getMessage());
        }
    }
}
