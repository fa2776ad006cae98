package kr.kisgateway.gateway.alert;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import kr.kisgateway.gateway.task.Heartbeat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Raises and settles the alerts that are about counters: shares and numbers within a time, and what lasts. Each module adds the rules of
 * its counters; {@link #check} is to be called once a second, by one thread. The figures are those of the present
 * {@link AlertPolicy}.
 */
public final class AlertEvaluator {
    /** For how long the condition of a rule with a window has to be over. */
    public static final Duration QUIET = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger("gateway.alert");

    /** A condition that is checked each second. */
    public interface Rule {
        /** The kind of its alerts. */
        AlertEvent event();

        /** Compares the counters with the figures of {@code policy}. */
        void check(AlertPolicy policy, Instant now);

        /** Its kind is off: settles what it has raised. */
        void end();
    }

    private final AlertLog log;
    private final InstantSource clock;
    private final Heartbeat heartbeat = new Heartbeat();
    private final List<Rule> rules = new CopyOnWriteArrayList<>();

    public AlertEvaluator(AlertLog log, InstantSource clock) {
        this.log = log;
        this.clock = clock;
    }

    /** Turns of {@link #check}. */
    public Heartbeat heartbeat() {
        return heartbeat;
    }

    public void add(Rule rule) {
        rules.add(rule);
    }

    /** Checks every rule; a defect of one does not stop the others. */
    public void check() {
        heartbeat.beat();
        Instant now = clock.instant();
        var policy = log.policy();
        for (Rule rule : rules) {
            try {
                if (policy.isOn(rule.event())) {
                    rule.check(policy, now);
                } else {
                    rule.end();
                }
            } catch (RuntimeException e) {
                LOG.error("alert_rule_failed event={}", rule.event().publicName(), e);
            }
        }
    }

    /** Figures of a rule with a window. */
    public record Window(RuleFigure length, RuleFigure least) {}

    /** Builds the text of an alert from a number and the window. */
    @FunctionalInterface
    public interface CountText {
        String of(long count, Duration window);
    }

    /** A counter grew by a number within a time. */
    public static Rule count(AlertSource source, String subject, LongSupplier counter, Window figures, CountText text) {
        var condition = new Condition(source, QUIET);
        var growth = new CounterWindow();
        return new Rule() {
            @Override
            public AlertEvent event() {
                return source.kind();
            }

            @Override
            public void check(AlertPolicy policy, Instant now) {
                growth.sample(counter.getAsLong(), now);
                Duration window = policy.duration(figures.length());
                long count = growth.growth(window);
                condition.update(subject, count >= policy.figure(figures.least()), now, () -> text.of(count, window));
            }

            @Override
            public void end() {
                condition.end();
            }
        };
    }

    /** Builds the text of an alert from a number of all. */
    @FunctionalInterface
    public interface ShareText {
        String of(long count, long all, Duration window);
    }

    /** More than a share of what a counter counted within a time is counted by another, too. */
    public static Rule share(
            AlertSource source,
            String subject,
            LongSupplier counter,
            LongSupplier all,
            RuleFigure percent,
            Window figures,
            ShareText text) {
        var condition = new Condition(source, QUIET);
        var part = new CounterWindow();
        var whole = new CounterWindow();
        return new Rule() {
            @Override
            public AlertEvent event() {
                return source.kind();
            }

            @Override
            public void check(AlertPolicy policy, Instant now) {
                part.sample(counter.getAsLong(), now);
                whole.sample(all.getAsLong(), now);
                Duration window = policy.duration(figures.length());
                long count = part.growth(window);
                long total = whole.growth(window);
                boolean isMet = total >= policy.figure(figures.least()) && count * 100 > total * policy.figure(percent);
                condition.update(subject, isMet, now, () -> text.of(count, total, window));
            }

            @Override
            public void end() {
                condition.end();
            }
        };
    }

    /** Builds the text of an alert from a number. */
    @FunctionalInterface
    public interface NumberText {
        String of(long number);
    }

    /** A number is at least so high for a time. */
    public static Rule lasting(
            AlertSource source,
            String subject,
            LongSupplier number,
            RuleFigure least,
            RuleFigure after,
            NumberText text) {
        return new Lasting(source, subject, number, least, after, text);
    }

    private static final class Lasting implements Rule {
        private final AlertSource source;
        private final String subject;
        private final LongSupplier number;
        private final RuleFigure least;
        private final RuleFigure after;
        private final NumberText text;
        private final Condition condition;
        private Instant since = Instant.MAX;

        private Lasting(
                AlertSource source,
                String subject,
                LongSupplier number,
                RuleFigure least,
                RuleFigure after,
                NumberText text) {
            this.source = source;
            this.subject = subject;
            this.number = number;
            this.least = least;
            this.after = after;
            this.text = text;
            this.condition = new Condition(source, Duration.ZERO);
        }

        @Override
        public AlertEvent event() {
            return source.kind();
        }

        @Override
        public void check(AlertPolicy policy, Instant now) {
            long count = number.getAsLong();
            if (count < policy.figure(least)) {
                since = Instant.MAX;
            } else if (since.equals(Instant.MAX)) {
                since = now;
            }
            boolean isMet =
                    !since.equals(Instant.MAX) && Duration.between(since, now).compareTo(policy.duration(after)) >= 0;
            condition.update(subject, isMet, now, () -> text.of(count));
        }

        @Override
        public void end() {
            since = Instant.MAX;
            condition.end();
        }
    }
}
