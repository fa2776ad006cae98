package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderEffect.Correction;
import kr.kisgateway.market.TradingCalendar;

/** Callers who asked for a comparison with the broker's lists and wait for what it changed. */
final class Reports {
    private final TradingCalendar calendar;
    private final DayBook book;
    private final Turn turn;
    private final ListAsking lists;
    private final List<Report> waiting = new ArrayList<>();

    Reports(TradingCalendar calendar, DayBook book, Turn turn, ListAsking lists) {
        this.calendar = calendar;
        this.book = book;
        this.turn = turn;
        this.lists = lists;
    }

    /** Somebody waits for the lists of these days, asked for after {@code since}. */
    private static final class Report {
        final long ticket;
        final Instant since;
        final Set<LocalDate> days;
        final List<Correction> corrections = new ArrayList<>();
        long checked;
        long mismatched;
        long adopted;

        Report(long ticket, Instant since, Set<LocalDate> days) {
            this.ticket = ticket;
            this.since = since;
            this.days = days;
        }
    }

    /** Somebody asks for a comparison of everything that is open, now, and waits for it. */
    void ask(long ticket) {
        Set<LocalDate> days = new LinkedHashSet<>();
        days.add(calendar.tradingDay(turn.now()));
        book.open().forEach(order -> days.add(order.tradingDay()));
        waiting.add(new Report(ticket, turn.now(), days));
        days.forEach(day -> lists.want(day, turn.now()));
    }

    /** A list came and was compared: whoever waited for that day only is told what it changed. */
    void compared(LocalDate day, Broker.Listing.Complete listing, long checked, Reconciler.Outcome outcome) {
        for (Report report : List.copyOf(waiting)) {
            if (listing.askedAt().isBefore(report.since) || !report.days.remove(day)) {
                continue;
            }
            report.checked += checked;
            report.mismatched += outcome.mismatched();
            report.adopted += outcome.adopted();
            report.corrections.addAll(outcome.corrections());
            if (report.days.isEmpty()) {
                waiting.remove(report);
                turn.reply(
                        report.ticket,
                        new Answer.Reconciled(
                                report.checked,
                                report.mismatched,
                                report.corrections.size(),
                                report.adopted,
                                List.copyOf(report.corrections)));
            }
        }
    }

    /** A list could not be read: whoever waits for it is told so. */
    void failed(LocalDate day, String reason) {
        for (Report report : List.copyOf(waiting)) {
            if (report.days.contains(day)) {
                waiting.remove(report);
                turn.reply(
                        report.ticket,
                        Turn.refusal(
                                ErrorCode.UPSTREAM_TIMEOUT,
                                "the broker's list of " + day + " could not be read (" + reason + "); try again"));
            }
        }
    }
}
