package kr.kisgateway.gateway.chat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.audit.AuditTrail;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.notification.AlertRules;
import kr.kisgateway.gateway.notification.Channel;
import kr.kisgateway.gateway.notification.NotificationDesk;
import kr.kisgateway.gateway.notification.OutgoingHttp;
import kr.kisgateway.gateway.task.TaskRunner;

/** Runs a poller for each bot of the rules whose commands are accepted. */
public final class BotCommands implements AutoCloseable {
    private static final Duration END_LIMIT = Duration.ofSeconds(3);

    /** A running poller; another configuration is another one. */
    private record Running(Channel.Telegram channel, AlertRules.Language language, BotApi api, TaskRunner.Task task) {
        void close() {
            task.close();
            api.close(); // ends a call that waits for messages
            task.awaitEnd(END_LIMIT);
        }
    }

    private final boolean allowsInner;
    private final BotPoller.Environment environment;
    private final RandomGenerator random;
    private final InstantSource clock;
    private final Executor workers;
    private final TaskRunner tasks;
    private final Map<BotPoller.Result, LongAdder> counters = Arrays.stream(BotPoller.Result.values())
            .collect(Collectors.toUnmodifiableMap(Function.identity(), _ -> new LongAdder()));
    /** By the name of the channel; guarded by itself. */
    private final Map<String, Running> running = new HashMap<>();

    private boolean closed;

    /**
     * @param allowsInner whether a Bot API inside the network is allowed
     * @param unavailable reports that messages of a bot cannot be read
     * @param refused reports senders that are not allowed
     * @param random a cryptographically strong source
     */
    public BotCommands(
            boolean allowsInner,
            CommandActions actions,
            NotificationDesk desk,
            AuditTrail audit,
            AlertSource unavailable,
            RefusedSenders refused,
            RandomGenerator random,
            InstantSource clock,
            Executor workers,
            TaskRunner tasks) {
        this.allowsInner = allowsInner;
        this.environment = new BotPoller.Environment(actions, desk, audit, unavailable, refused, counters, clock);
        this.random = random;
        this.clock = clock;
        this.workers = workers;
        this.tasks = tasks;
    }

    /** Registers the meters. */
    public void bindTo(Meters meters) {
        counters.forEach((result, count) ->
                meters.counter("chat.commands", "messages", "Messages to bots", count::sum, "outcome", result.tag()));
    }

    /** Starts and ends pollers by the rules. To be called by one thread at a time. */
    public void use(AlertRules rules) {
        Map<String, Channel.Telegram> wanted = rules.channels().entrySet().stream()
                .filter(it -> it.getValue() instanceof Channel.Telegram telegram
                        && telegram.commands().isPresent())
                .collect(Collectors.toMap(Map.Entry::getKey, it -> (Channel.Telegram) it.getValue()));
        // Before others start: a bot passes its messages to one reader.
        removeOthers(wanted, rules.language()).forEach(Running::close);
        synchronized (running) {
            if (!closed) {
                wanted.forEach(
                        (name, channel) -> running.computeIfAbsent(name, _ -> start(name, channel, rules.language())));
            }
        }
    }

    private List<Running> removeOthers(Map<String, Channel.Telegram> wanted, AlertRules.Language language) {
        synchronized (running) {
            var others = running.entrySet().stream()
                    .filter(it -> !it.getValue().channel().equals(wanted.get(it.getKey()))
                            || it.getValue().language() != language)
                    .toList();
            others.forEach(it -> running.remove(it.getKey()));
            return others.stream().map(Map.Entry::getValue).toList();
        }
    }

    private Running start(String name, Channel.Telegram channel, AlertRules.Language language) {
        var commands = channel.commands().orElseThrow();
        var api = new BotApi(channel, new OutgoingHttp(allowsInner, workers));
        var poller = new BotPoller(
                name,
                channel.bot(),
                commands,
                api,
                new CommandCore(commands, clock.instant(), random),
                new CommandText(language),
                environment);
        return new Running(channel, language, api, tasks.repeat("chat-" + name, poller::poll));
    }

    @Override
    public void close() {
        List<Running> all;
        synchronized (running) {
            closed = true;
            all = List.copyOf(running.values());
            running.clear();
        }
        all.forEach(Running::close);
    }
}
