package kr.kisgateway.simulator.broker;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.wire.OverseasExchange;

/**
 * KIS's codes of US stocks: exchanges have a name in orders (NASD), one in quotes (NAS) and one in quotes of the day market
 * (BAQ); realtime keys are D (free) or R (paid, and the day market), the quote's exchange and the ticker.
 */
final class UsKeys {
    static final String TRADES = "HDFSCNT0";
    static final String BOOKS = "HDFSASP0";

    private static final Pattern KEY = Pattern.compile("([DR])([A-Z]{3})(.+)");

    private UsKeys() {}

    /** The exchange by its code in orders. */
    static Optional<UsExchange> ofOrders(String code) {
        return Stream.of(UsExchange.values())
                .filter(it -> it.name().equals(code))
                .findFirst();
    }

    /** The exchange by its code in quotes, of the day market or of the night. */
    static Optional<UsExchange> ofQuotes(String code) {
        return Stream.of(UsExchange.values())
                .filter(it -> quoteCode(it).equals(code) || dayCode(it).equals(code))
                .findFirst();
    }

    static boolean isDayMarketCode(String quoteCode) {
        return Stream.of(UsExchange.values()).anyMatch(it -> dayCode(it).equals(quoteCode));
    }

    static String quoteCode(UsExchange exchange) {
        return wire(exchange).quoteCode();
    }

    static String dayCode(UsExchange exchange) {
        return wire(exchange).dayCode().orElseThrow();
    }

    private static OverseasExchange wire(UsExchange exchange) {
        return OverseasExchange.of(exchange.name()).orElseThrow();
    }

    /** 상품유형코드. */
    static String productType(UsExchange exchange) {
        return switch (exchange) {
            case NASD -> "512";
            case NYSE -> "513";
            case AMEX -> "529";
        };
    }

    static String koreanName(UsExchange exchange) {
        return switch (exchange) {
            case NASD -> "나스닥";
            case NYSE -> "뉴욕거래소";
            case AMEX -> "아멕스";
        };
    }

    /** 해외종목구분 of a notice. */
    static char noticeCode(UsExchange exchange) {
        return switch (exchange) {
            case NASD -> '6';
            case NYSE -> '7';
            case AMEX -> '8';
        };
    }

    /** Whether the US market answers a realtime registration, whatever is listed. */
    static boolean isServed(String trId, String key) {
        return (trId.equals(TRADES) || trId.equals(BOOKS)) && symbol(key).isPresent();
    }

    /** The stock of a realtime key; empty when it is of another country or malformed. */
    static Optional<UsSymbol> symbol(String key) {
        Matcher form = KEY.matcher(key);
        return form.matches()
                ? ofQuotes(form.group(2)).flatMap(exchange -> UsSymbol.of(exchange, form.group(3)))
                : Optional.empty();
    }

    /** All realtime keys of a stock. */
    static List<String> of(UsSymbol symbol) {
        String regularKey = quoteCode(symbol.exchange()) + symbol.ticker();
        return List.of("D" + regularKey, "R" + regularKey, "R" + dayCode(symbol.exchange()) + symbol.ticker());
    }

    /** The keys of a stock that receive trades of the day market, or of the other sessions. */
    static List<String> activeKeys(UsSymbol symbol, boolean dayMarket) {
        return dayMarket ? of(symbol).subList(2, 3) : of(symbol).subList(0, 2);
    }
}
