package kr.kisgateway.client.krx;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import kr.kisgateway.market.TradingCalendar;

/**
 * Counts the calls of a day. The count is this client's own: it does not know what other programs spend with the same
 * key, nor what this one spent before a restart.
 */
final class QuotaCount {
    /** What is allowed from a date on; a new rule is a new row at the end of {@code quota.tsv}. */
    private record Rule(LocalDate from, int calls) {}

    private final InstantSource clock;
    private final OptionalInt own;
    private final List<Rule> rules;
    private LocalDate day;
    private int used;

    QuotaCount(OptionalInt own, InstantSource clock) {
        this.own = own;
        this.clock = clock;
        this.rules = readRules();
        this.day = today();
    }

    /** Takes one call, unless none is left. */
    synchronized boolean take() {
        if (now().left() == 0) {
            return false;
        }
        used++;
        return true;
    }

    synchronized KrxQuota now() {
        LocalDate today = today();
        // A clock that was set back begins no new day: the calls were spent all the same.
        if (today.isAfter(day)) {
            day = today;
            used = 0;
        }
        return new KrxQuota(day, used, own.orElseGet(() -> allowed(day)));
    }

    LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), TradingCalendar.SEOUL);
    }

    private int allowed(LocalDate on) {
        int calls = 0;
        for (Rule rule : rules) {
            calls = on.isBefore(rule.from()) ? calls : rule.calls();
        }
        return calls;
    }

    private static List<Rule> readRules() {
        List<Rule> rules = new ArrayList<>();
        try (InputStream in = QuotaCount.class.getResourceAsStream("quota.tsv")) {
            if (in == null) {
                throw new FileNotFoundException("not packed with kis-client: quota.tsv");
            }
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                if (!line.startsWith("#")) {
                    String[] cells = line.split("\t", -1);
                    rules.add(new Rule(LocalDate.parse(cells[0]), Integer.parseInt(cells[1])));
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return List.copyOf(rules);
    }
}
