package kr.kisgateway.gateway.report;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.notification.AlertRules;
import kr.kisgateway.gateway.notification.AlertRules.Language;
import kr.kisgateway.gateway.notification.NotificationDesk;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderDesk;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.OrderStatus;
import kr.kisgateway.gateway.order.OrderStore;
import kr.kisgateway.gateway.profit.RealisedProfit;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.TradingCalendar;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports each trading day of Korea once, at the time of the rules or, when the gateway did not run then, later on that day.
 * {@link #check} is to be called once a second, by one thread.
 */
public final class DailyReports {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.report");
    private static final Duration RETRY = Duration.ofMinutes(1);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
    /** More than the longest holidays. */
    private static final int DAYS_BACK = 20;
    /** Orders that are read together. */
    private static final int PAGE = 500;

    private final OrderDesk orders;
    private final RealisedProfit profit;
    private final NotificationDesk notifications;
    private final List<String> accounts;
    private final TradingCalendar calendar;
    private final InstantSource clock;
    private Instant notBefore = Instant.MIN;

    public DailyReports(
            OrderDesk orders,
            RealisedProfit profit,
            NotificationDesk notifications,
            List<String> accounts,
            TradingCalendar calendar,
            InstantSource clock) {
        this.orders = orders;
        this.profit = profit;
        this.notifications = notifications;
        this.accounts = accounts.stream().sorted().toList();
        this.calendar = calendar;
        this.clock = clock;
    }

    /** Reports the day when its time has come. */
    public void check(AlertRules rules) {
        Instant now = clock.instant();
        rules.messages().summary().filter(it -> isDue(it, now)).ifPresent(it -> {
            var today = now.atZone(TradingCalendar.SEOUL).toLocalDate();
            try {
                notifications.sendSummary(
                        accounts.stream()
                                .map(account -> text(account, today, it.at(), rules.language()))
                                .toList(),
                        it.to(),
                        today);
            } catch (JournalException | RefusedException e) {
                notBefore = now.plus(RETRY);
                LOG.warn("day_not_summarised reason=\"{}\"", e.getMessage());
            }
        });
    }

    /** The day of an account until now, a line for each figure. */
    public String today(String account, Language language) {
        var now = clock.instant().atZone(TradingCalendar.SEOUL);
        return text(account, now.toLocalDate(), now.toLocalDate().atStartOfDay(), now.toLocalDateTime(), language)
                .text();
    }

    private boolean isDue(AlertRules.DailySummary summary, Instant now) {
        var local = now.atZone(TradingCalendar.SEOUL);
        return !now.isBefore(notBefore)
                && !local.toLocalTime().isBefore(summary.at())
                && calendar.isTradingDay(local.toLocalDate())
                && !notifications.isSummarised(local.toLocalDate());
    }

    /** From the time of the trading day before to the time of this one, so that each fill is in one summary. */
    private NotificationDesk.Text text(String account, LocalDate day, LocalTime at, Language language) {
        return text(account, day, tradingDayBefore(day).atTime(at), day.atTime(at), language);
    }

    private NotificationDesk.Text text(
            String account, LocalDate day, LocalDateTime begin, LocalDateTime end, Language language) {
        boolean korean = language == Language.KO;
        Instant since = begin.atZone(TradingCalendar.SEOUL).toInstant();
        Instant until = end.atZone(TradingCalendar.SEOUL).toInstant();
        List<Order> open = orders.open().stream()
                .filter(order -> order.terms().accountId().equals(account))
                .toList();
        long unknown = open.stream()
                .filter(order -> order.status() == OrderStatus.UNKNOWN)
                .count();
        var trading = profit.between(account, since, until);
        var lines = new ArrayList<String>();
        lines.add(account + " " + day
                + (korean ? " (" + begin.format(TIME) + "부터)" : " (since " + begin.format(TIME) + ")"));
        lines.add((korean ? "주문 " : "orders ") + counts(account, since, until, korean));
        lines.add((korean ? "체결 " : "fills ")
                + Numbers.text(trading.fills())
                + (korean ? "건 " : ", ")
                + Numbers.text(trading.shares())
                + (korean ? "주" : " shares"));
        trading.amounts().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(it -> lines.add(amounts(it.getKey(), it.getValue(), korean)));
        lines.add((korean ? "미체결 " : "open ")
                + Numbers.text(open.size())
                + (korean ? " · 결과 불명 " : " · unknown ")
                + Numbers.text(unknown));
        lines.add((korean ? "오늘 경보 " : "alerts of the day ")
                + Stream.of("P1", "P2", "P3")
                        .map(level -> level + " " + Numbers.text(notifications.alertsOn(day, level)))
                        .collect(Collectors.joining(" · ")));
        return new NotificationDesk.Text(account + " " + day, String.join("\n", lines), until, Optional.empty());
    }

    private LocalDate tradingDayBefore(LocalDate day) {
        return day.minusDays(DAYS_BACK)
                .datesUntil(day)
                .filter(calendar::isTradingDay)
                .reduce((_, later) -> later)
                .orElse(day.minusDays(1));
    }

    private static String amounts(Currency currency, RealisedProfit.Amounts amounts, boolean korean) {
        return currency
                + (korean ? " 매수 " : " bought ")
                + Numbers.text(amounts.bought())
                + (korean ? " · 매도 " : " · sold ")
                + Numbers.text(amounts.sold())
                + (korean ? " · 실현손익(추정) " : " · realised (estimated) ")
                + Numbers.text(amounts.realised())
                + (amounts.complete()
                        ? ""
                        : korean ? ", 매수가나 세금을 모르는 매도가 있음" : ", the purchase or tax of a sale is unknown");
    }

    /** How many orders the gateway accepted, and how many were placed elsewhere. */
    private String counts(String account, Instant since, Instant until, boolean korean) {
        var ofAccount = new OrderStore.Filter(
                Optional.of(Set.of(account)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        long accepted = 0;
        long external = 0;
        Optional<OrderId> before = Optional.empty();
        List<Order> page;
        do {
            page = orders.list(ofAccount, before, PAGE);
            for (Order order : page) {
                if (!order.createdAt().isBefore(since) && order.createdAt().isBefore(until)) {
                    accepted++;
                    external += order.external() ? 1 : 0;
                }
            }
            before = page.isEmpty()
                    ? Optional.empty()
                    : Optional.of(page.getLast().id());
        } while (before.isPresent() && !page.getLast().createdAt().isBefore(since));
        return Numbers.text(accepted)
                + (external > 0 ? (korean ? " (외부 " : " (external ") + Numbers.text(external) + ")" : "");
    }
}
