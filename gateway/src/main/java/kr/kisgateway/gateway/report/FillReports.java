package kr.kisgateway.gateway.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.notification.AlertRules;
import kr.kisgateway.gateway.notification.AlertRules.Language;
import kr.kisgateway.gateway.notification.NotificationDesk;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderDesk;
import kr.kisgateway.gateway.order.OrderDesk.NewFill;
import kr.kisgateway.gateway.order.OrderDesk.NewFills;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Side;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports the fills of all orders, from the journal: each once, also when the process ends in between. Those of one order that are read
 * together are one line. {@link #check} is to be called once a second, by one thread.
 */
public final class FillReports {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.report");
    /** Older fills, as of a gateway that was off for a day, are not reported. */
    private static final Duration AGE_MAX = Duration.ofDays(1);

    private static final String MARK = "fills:";
    /** The mark of an account while no channel gets its fills. */
    private static final long OFF = -1;

    private final OrderDesk orders;
    private final NotificationDesk notifications;
    private final List<String> accounts;
    private final Function<MarketSymbol, String> names;
    private final InstantSource clock;
    /** Whether there may be fills that were not read. */
    private final AtomicBoolean changed = new AtomicBoolean(true);

    /** @param names of instruments; empty where unknown */
    public FillReports(
            OrderDesk orders,
            NotificationDesk notifications,
            List<String> accounts,
            Function<MarketSymbol, String> names,
            InstantSource clock) {
        this.orders = orders;
        this.notifications = notifications;
        this.accounts = List.copyOf(accounts);
        this.names = names;
        this.clock = clock;
    }

    /** An order has changed; returns at once. */
    public void orderChanged() {
        changed.set(true);
    }

    /** Reports what was filled since the last call. */
    public void check(AlertRules rules) {
        var to = rules.messages().fills();
        if (to.isEmpty()) {
            accounts.forEach(this::switchOff);
        } else if (changed.getAndSet(false) || accounts.stream().anyMatch(this::isOff)) {
            try {
                accounts.forEach(account -> report(account, to, rules.language()));
            } catch (JournalException e) {
                changed.set(true);
                LOG.warn("fills_not_read reason=\"{}\"", e.getMessage());
            }
        }
    }

    private boolean isOff(String account) {
        return notifications.position(MARK + account).filter(it -> it != OFF).isEmpty();
    }

    private void switchOff(String account) {
        if (notifications.position(MARK + account).filter(it -> it != OFF).isPresent()) {
            notifications.setPosition(MARK + account, OFF);
        }
    }

    /** The first time only what is filled from then on. */
    private void report(String account, List<String> to, Language language) {
        String mark = MARK + account;
        if (isOff(account)) {
            notifications.setPosition(mark, orders.lastPosition(account));
            return;
        }
        long position = notifications.position(mark).orElseThrow();
        for (NewFills read = orders.fillsAfter(account, position);
                read.last() > position;
                read = orders.fillsAfter(account, position)) {
            if (!notifications.sendFills(texts(read.fills(), language), to, mark, read.last())) {
                changed.set(true);
                return;
            }
            position = read.last();
        }
    }

    private List<NotificationDesk.Text> texts(List<NewFill> fills, Language language) {
        Instant oldest = clock.instant().minus(AGE_MAX);
        Map<String, Sum> byOrder = new LinkedHashMap<>();
        fills.stream()
                .filter(fill -> fill.at().isAfter(oldest))
                .forEach(fill -> byOrder.merge(fill.order().id().text(), Sum.of(fill), Sum::plus));
        return byOrder.values().stream().map(sum -> text(sum, language)).toList();
    }

    /** Fills of one order that were read together. */
    private record Sum(Order order, Instant at, long qty, long value) {
        static Sum of(NewFill fill) {
            return new Sum(
                    fill.order(), fill.at(), fill.fill().qty(), fill.fill().value());
        }

        Sum plus(Sum later) {
            return new Sum(later.order(), later.at(), qty + later.qty(), value + later.value());
        }

        BigDecimal price(Currency currency) {
            return BigDecimal.valueOf(value, currency.decimals())
                    .divide(BigDecimal.valueOf(qty), 4, RoundingMode.HALF_UP);
        }
    }

    private NotificationDesk.Text text(Sum sum, Language language) {
        var terms = sum.order().terms();
        var currency = terms.symbol().market().currency();
        String side = language == Language.KO
                ? terms.side() == Side.BUY ? "매수" : "매도"
                : terms.side().name();
        String text = terms.accountId() + " " + terms.symbol().code() + " " + names.apply(terms.symbol()) + " " + side
                + " " + Numbers.text(sum.qty()) + (language == Language.KO ? "주" : "") + " @ "
                + Numbers.text(sum.price(currency)) + " " + currency.name() + " ("
                + Numbers.text(sum.order().filled()) + "/" + Numbers.text(terms.qty()) + ")";
        return new NotificationDesk.Text(
                sum.order().id().text(),
                text.replace("  ", " "),
                sum.at(),
                Optional.of(sum.order().id().text()));
    }
}
