package kr.kisgateway.gateway.chat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import kr.kisgateway.gateway.notification.Channel.Telegram.Commands;

/**
 * Decides what a message to a bot means. Pure and owned by one thread.
 *
 * <p>Only a user and a chat that are both allowed are answered. A message from before the start, or of more than a minute ago, is not
 * carried out: what was meant then may be wrong now. The kill switch needs two messages, the second with a code that only the first one's
 * chat has seen.
 */
final class CommandCore {
    /** An older message is not carried out; neither is one that is further ahead, as the clocks disagree then. */
    static final Duration AGE_MAX = Duration.ofMinutes(1);
    /** How long a code is valid. */
    static final Duration CODE_LIFE = Duration.ofSeconds(60);
    /** Wrong codes after which the right one is void. */
    static final int WRONG_CODES_MAX = 3;
    /** Messages of one chat in a minute that are answered. */
    static final int ANSWERS_A_MINUTE = 20;

    private static final int REASON_MAX = 150;
    private static final int CODES = 1_000_000;

    /** What becomes of a message. */
    sealed interface Decision {
        /** Not carried out and not answered. */
        record Ignore(Outcome why) implements Decision {}

        /** Report something. */
        record Report(Query query) implements Decision {}

        /** Ask for the confirmation of the kill switch. */
        record Confirm(String code) implements Decision {}

        /** Set the kill switch. */
        record Kill(String reason) implements Decision {}

        /** Answer why nothing was done. */
        record Refuse(Refusal why) implements Decision {}
    }

    /** Why a message is ignored. */
    enum Outcome {
        /** Of a chat or user that is not allowed. */
        NOT_ALLOWED,
        /** From before the start, or too old. */
        TOO_OLD,
        /** The chat has sent too many. */
        TOO_MANY,
        /** No command. */
        NO_COMMAND
    }

    /** What is reported. */
    enum Query {
        HELP,
        STATUS,
        POSITIONS,
        ORDERS
    }

    /** Why nothing was done. */
    enum Refusal {
        UNKNOWN_COMMAND,
        CHANGES_OFF,
        /** There is no code, it has expired, or is void. */
        NO_CODE,
        WRONG_CODE
    }

    private record Sender(long chat, long user) {}

    private record Pending(String code, String reason, Instant validUntil, int wrong) {}

    private final Commands commands;
    private final Instant startedAt;
    private final RandomGenerator random;
    /** At most one for each pair of a chat and a user that are allowed. */
    private final Map<Sender, Pending> pending = new HashMap<>();
    /** For each allowed chat the times of its last messages. */
    private final Map<Long, Deque<Instant>> recent = new HashMap<>();

    /** @param random a cryptographically strong source */
    CommandCore(Commands commands, Instant startedAt, RandomGenerator random) {
        this.commands = commands;
        this.startedAt = startedAt;
        this.random = random;
    }

    Decision decide(BotUpdate update, Instant now) {
        if (!commands.chats().contains(update.chat()) || !commands.users().contains(update.user())) {
            return new Decision.Ignore(Outcome.NOT_ALLOWED);
        }
        boolean isOld = update.sentAt().isBefore(startedAt)
                || update.sentAt().isBefore(now.minus(AGE_MAX))
                || update.sentAt().isAfter(now.plus(AGE_MAX));
        if (isOld) {
            return new Decision.Ignore(Outcome.TOO_OLD);
        }
        if (!update.text().startsWith("/")) {
            return new Decision.Ignore(Outcome.NO_COMMAND);
        }
        if (!takesAnother(update.chat(), now)) {
            return new Decision.Ignore(Outcome.TOO_MANY);
        }
        String[] words = update.text().strip().split("\\s+", 2);
        // In a group, "/status@name_of_the_bot".
        String word = words[0].substring(1).split("@", 2)[0].toLowerCase(Locale.ROOT);
        String rest = words.length > 1 ? words[1] : "";
        var sender = new Sender(update.chat(), update.user());
        return switch (word) {
            case "help", "start" -> new Decision.Report(Query.HELP);
            case "status" -> new Decision.Report(Query.STATUS);
            case "positions" -> new Decision.Report(Query.POSITIONS);
            case "orders" -> new Decision.Report(Query.ORDERS);
            case "kill" -> kill(sender, rest, now);
            case "confirm" -> confirm(sender, rest.strip(), now);
            default -> new Decision.Refuse(Refusal.UNKNOWN_COMMAND);
        };
    }

    private boolean takesAnother(long chat, Instant now) {
        Deque<Instant> times = recent.computeIfAbsent(chat, _ -> new ArrayDeque<>());
        while (!times.isEmpty() && !times.getFirst().isAfter(now.minus(Duration.ofMinutes(1)))) {
            times.removeFirst();
        }
        if (times.size() >= ANSWERS_A_MINUTE) {
            return false;
        }
        times.addLast(now);
        return true;
    }

    private Decision kill(Sender sender, String reason, Instant now) {
        if (!commands.changes()) {
            return new Decision.Refuse(Refusal.CHANGES_OFF);
        }
        String code = String.format(Locale.ROOT, "%06d", random.nextInt(CODES));
        pending.put(sender, new Pending(code, clean(reason), now.plus(CODE_LIFE), 0));
        return new Decision.Confirm(code);
    }

    private Decision confirm(Sender sender, String code, Instant now) {
        Optional<Pending> asked = Optional.ofNullable(pending.get(sender));
        if (asked.isEmpty() || !now.isBefore(asked.get().validUntil())) {
            pending.remove(sender);
            return new Decision.Refuse(Refusal.NO_CODE);
        }
        Pending found = asked.get();
        if (found.code().equals(code)) {
            pending.remove(sender);
            return new Decision.Kill(found.reason());
        }
        if (found.wrong() + 1 >= WRONG_CODES_MAX) {
            pending.remove(sender);
        } else {
            pending.put(sender, new Pending(found.code(), found.reason(), found.validUntil(), found.wrong() + 1));
        }
        return new Decision.Refuse(Refusal.WRONG_CODE);
    }

    private static String clean(String reason) {
        String text = reason.replaceAll("\\p{Cntrl}", " ").strip();
        return text.length() > REASON_MAX ? text.substring(0, REASON_MAX) : text;
    }
}
