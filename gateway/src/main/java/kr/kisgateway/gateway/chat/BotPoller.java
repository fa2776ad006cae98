package kr.kisgateway.gateway.chat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.audit.AuditEntry;
import kr.kisgateway.gateway.audit.AuditSource;
import kr.kisgateway.gateway.audit.AuditTrail;
import kr.kisgateway.gateway.chat.CommandCore.Decision;
import kr.kisgateway.gateway.chat.CommandCore.Outcome;
import kr.kisgateway.gateway.log.SecurityLog;
import kr.kisgateway.gateway.notification.Channel.Telegram.Commands;
import kr.kisgateway.gateway.notification.NotificationDesk;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the messages of one bot and carries out the commands among them, one after another. Used by one thread. */
final class BotPoller {
    private static final Logger SECURITY = LoggerFactory.getLogger(SecurityLog.AUDIT);
    private static final Logger LOG = LoggerFactory.getLogger("gateway.chat");
    private static final Duration RETRY_FIRST = Duration.ofSeconds(1);
    private static final Duration RETRY_LAST = Duration.ofMinutes(1);
    /** Failures in a row after which operators are informed. */
    private static final int FAILURES_TO_ALERT = 3;

    /** What all pollers use. */
    record Environment(
            CommandActions actions,
            NotificationDesk desk,
            AuditTrail audit,
            AlertSource unavailable,
            RefusedSenders refused,
            Map<Result, LongAdder> counters,
            InstantSource clock) {}

    /** What became of messages, for the meter. */
    enum Result {
        DONE,
        REFUSED,
        NOT_ALLOWED,
        TOO_OLD,
        TOO_MANY,
        NO_COMMAND,
        REPEATED;

        String tag() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final String channel;
    private final String bot;
    private final boolean changes;
    private final BotApi api;
    private final CommandCore core;
    private final CommandText text;
    private final Environment environment;
    private long offset = -1;
    private int failures;

    BotPoller(
            String channel,
            String bot,
            Commands commands,
            BotApi api,
            CommandCore core,
            CommandText text,
            Environment environment) {
        this.channel = channel;
        this.bot = bot;
        this.changes = commands.changes();
        this.api = api;
        this.core = core;
        this.text = text;
        this.environment = environment;
    }

    /** Waits for messages and carries them out; returns the pause before the next call. */
    Duration poll() {
        return switch (api.updates(offset)) {
            case BotApi.Updates.Received(var updates, long last) -> {
                if (failures >= FAILURES_TO_ALERT) {
                    environment.unavailable().settle(channel);
                }
                failures = 0;
                updates.forEach(this::take);
                offset = Math.max(offset, last + 1);
                yield Duration.ZERO;
            }
            case BotApi.Updates.Failed(String reason) -> failed(reason);
        };
    }

    private Duration failed(String reason) {
        failures++;
        LOG.warn("chat_commands_not_received channel={} attempts={} reason=\"{}\"", channel, failures, reason);
        if (failures == FAILURES_TO_ALERT) {
            environment
                    .unavailable()
                    .raise(
                            channel,
                            "commands to the bot of the channel " + channel + " are not received: " + reason
                                    + ". Another program that reads the same bot takes them, and 401 means that its token is"
                                    + " no longer valid.");
        }
        var pause = RETRY_FIRST.multipliedBy(1L << Math.min(failures - 1, 10));
        return pause.compareTo(RETRY_LAST) > 0 ? RETRY_LAST : pause;
    }

    /** A message is recorded as taken before anything is done: after a crash it is not carried out again. */
    private void take(BotUpdate update) {
        Instant now = environment.clock().instant();
        if (!environment.desk().takeUpdate(bot, update.id())) {
            count(Result.REPEATED);
            return;
        }
        try {
            carryOut(update, core.decide(update, now), now);
        } catch (RuntimeException e) {
            LOG.error("chat_command_failed channel={}", channel, e);
        }
    }

    private void carryOut(BotUpdate update, Decision decision, Instant now) {
        switch (decision) {
            case Decision.Ignore(Outcome why) -> ignore(update, why, now);
            case Decision.Report(var query) -> {
                String name = query.name().toLowerCase(Locale.ROOT);
                record(update, name, AuditEntry.OK, AuditTrail.Weight.READ, now);
                answer(
                        update,
                        switch (query) {
                            case HELP -> text.help(changes);
                            case STATUS -> text.status(environment.actions().status());
                            case POSITIONS ->
                                text.positions(environment.actions().positions());
                            case ORDERS -> text.orders(environment.actions().orders());
                        });
            }
            case Decision.Confirm(String code) -> {
                record(update, "kill", "CONFIRMATION_REQUIRED", AuditTrail.Weight.READ, now);
                answer(update, text.confirm(code));
            }
            case Decision.Kill(String reason) -> {
                String by = principal(update);
                var result = environment.actions().kill(reason.isEmpty() ? "by Telegram" : reason, by);
                SECURITY.info("kill_switch_set on=true by={} reason=\"{}\"", by, reason);
                record(update, "confirm", result.name(), AuditTrail.Weight.CHANGE, now);
                answer(update, text.kill(result));
            }
            case Decision.Refuse(var why) -> {
                count(Result.REFUSED);
                record(update, "refused", why.name(), AuditTrail.Weight.READ, now);
                reply(update, text.refusal(why));
            }
        }
    }

    private void ignore(BotUpdate update, Outcome why, Instant now) {
        switch (why) {
            case NOT_ALLOWED -> {
                count(Result.NOT_ALLOWED);
                LOG.warn("chat_sender_refused channel={} chat={} user={}", channel, update.chat(), update.user());
                environment.refused().refused(channel, update, now);
                // A flood of strangers must not fill the disk.
                environment.audit().sum(entry(update, "", "refused", why.name(), now));
            }
            case TOO_OLD -> {
                count(Result.TOO_OLD);
                LOG.info("chat_command_too_old channel={} sent_at={}", channel, update.sentAt());
                record(update, "refused", why.name(), AuditTrail.Weight.READ, now);
            }
            case TOO_MANY -> {
                count(Result.TOO_MANY);
                environment.audit().sum(entry(update, principal(update), "refused", why.name(), now));
            }
            case NO_COMMAND -> count(Result.NO_COMMAND);
        }
    }

    private void answer(BotUpdate update, String reply) {
        count(Result.DONE);
        reply(update, reply);
    }

    private void reply(BotUpdate update, String reply) {
        if (!api.send(update.chat(), reply)) {
            LOG.warn("chat_answer_not_delivered channel={}", channel);
        }
    }

    private String principal(BotUpdate update) {
        return "telegram:" + channel + ":" + update.user();
    }

    private void record(BotUpdate update, String command, String result, AuditTrail.Weight weight, Instant now) {
        environment.audit().record(entry(update, principal(update), command, result, now), weight);
    }

    private AuditEntry entry(BotUpdate update, String principal, String command, String result, Instant now) {
        boolean failed = !result.equals(AuditEntry.OK) && !result.equals(CommandActions.KillResult.ON.name());
        return new AuditEntry(
                now,
                AuditSource.CHAT,
                AuditEntry.Kind.CALL,
                principal,
                "",
                "",
                "telegram /" + command,
                "",
                principal.isEmpty() ? "" : "channel=" + channel + " chat=" + update.chat() + " update=" + update.id(),
                0,
                result.equals(CommandActions.KillResult.ON.name()) ? AuditEntry.OK : result,
                "",
                1,
                failed ? 1 : 0,
                0,
                0);
    }

    private void count(Result result) {
        var counter = environment.counters().get(result);
        if (counter != null) {
            counter.increment();
        }
    }
}
