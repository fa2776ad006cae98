package kr.kisgateway.gateway.face;

import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.Function;
import kr.kisgateway.gateway.access.FaceIdentity;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.wire.CreditCodes;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.ExecutionNotice.Kind;
import kr.kisgateway.wire.NoticeKey;
import kr.kisgateway.wire.OrderDivision;
import kr.kisgateway.wire.OrderDivisions;
import kr.kisgateway.wire.print.FramePrinter;
import kr.kisgateway.wire.print.OverseasNoticeRecord;

/** Prints execution notices (체결통보) as KIS does, with the account and login id of the key that receives them. */
final class NoticePrinter {
    private static final OrderDivisions DIVISIONS = OrderDivisions.load();

    /** Cash, no loan. */
    private static final String CASH = "10";

    /** The owner's name is no program's business. */
    private static final String NO_NAME = "";

    private final Function<MarketSymbol, String> names;

    /** @param names name of an instrument, Korean where there is one */
    NoticePrinter(Function<MarketSymbol, String> names) {
        this.names = names;
    }

    /** The encrypted frame for a key, in the columns of the order's market. */
    String frame(OrderNotice notice, String trId, FaceIdentity identity, FrameLayout layout, NoticeKey key) {
        var printer = new FramePrinter(layout.printed());
        return switch (notice.order().terms().symbol()) {
            case Symbol symbol -> printer.encryptedNotice(trId, korean(notice, symbol, identity), key);
            case UsSymbol symbol -> printer.encryptedNotice(trId, us(notice, symbol, identity), key);
            case MarketSymbol other -> throw new IllegalArgumentException("no notices of " + other.code());
        };
    }

    private ExecutionNotice korean(OrderNotice notice, Symbol symbol, FaceIdentity identity) {
        Order order = notice.order();
        return new ExecutionNotice(
                identity.htsId(),
                identity.accountNumber(),
                notice.odno(),
                notice.original(),
                order.terms().side(),
                notice.request(),
                DIVISIONS
                        .find(order.terms().kind(), order.terms().venue(), order.tradingDay())
                        .map(OrderDivision::code)
                        .orElse(order.terms().isMarket() ? "01" : "00"),
                switch (order.terms().kind().timeInForce()) {
                    case DAY -> ExecutionNotice.Condition.NONE;
                    case IOC -> ExecutionNotice.Condition.IOC;
                    case FOK -> ExecutionNotice.Condition.FOK;
                },
                symbol,
                notice.qty(),
                notice.price(),
                notice.time(),
                notice.kind(),
                notice.orgNo(),
                notice.rowQty(),
                NO_NAME,
                order.terms().stopPrice().orElse(0),
                Optional.of(exchange(order)),
                true,
                order.terms()
                        .credit()
                        .map(credit -> CreditCodes.code(credit.type()))
                        .orElse(CASH),
                order.terms()
                        .credit()
                        .map(credit -> DateTimeFormatter.BASIC_ISO_DATE.format(credit.loanDate()))
                        .orElse(""),
                names.apply(symbol),
                notice.kind() == Kind.FILL ? order.terms().price().orElse(0) : 0);
    }

    /** Which of both venues a routed order went to is not recorded: KRX stands for it. */
    private static ExecutionNotice.Exchange exchange(Order order) {
        return switch (order.terms().venue()) {
            case KRX -> ExecutionNotice.Exchange.KRX;
            case NXT -> ExecutionNotice.Exchange.NXT;
            case SOR -> ExecutionNotice.Exchange.SOR_KRX;
            case NASD, NYSE, AMEX ->
                throw new IllegalArgumentException(order.terms().venue() + " is not in Korea");
        };
    }

    private OverseasNoticeRecord us(OrderNotice notice, UsSymbol symbol, FaceIdentity identity) {
        return new OverseasNoticeRecord(
                identity.htsId(),
                identity.accountNumber(),
                notice.odno(),
                notice.original(),
                notice.order().terms().side(),
                notice.request(),
                kindCode(notice.order().terms().kind().type()),
                symbol.ticker(),
                notice.qty(),
                notice.price(),
                notice.time(),
                notice.kind(),
                notice.orgNo(),
                notice.rowQty(),
                NO_NAME,
                names.apply(symbol),
                exchangeCode(symbol.exchange()));
    }

    /** ODER_KIND2. */
    private static char kindCode(OrderType type) {
        return switch (type) {
            case LIMIT -> '2';
            case MOO -> 'A';
            case LOO -> 'B';
            case MOC -> 'C';
            case LOC -> 'D';
            // KIS has none of these for US stocks; an order that was placed elsewhere may still be reported as one.
            case MARKET, BEST, TOP, MID, CLOSE_PRICE -> '1';
            case CONDITIONAL, STOP_LIMIT -> '2';
        };
    }

    /** 해외종목구분 (ODER_COND). */
    private static char exchangeCode(UsExchange exchange) {
        return switch (exchange) {
            case NASD -> '6';
            case NYSE -> '7';
            case AMEX -> '8';
        };
    }
}
