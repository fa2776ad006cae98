package kr.kisgateway.gateway.risk;

import java.util.OptionalLong;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.market.Currency;

/** Prices and amounts of a currency, given in its units, in the texts and details of refusals. */
public final class Amounts {
    private Amounts() {}

    /** As people write it: {@code 70000 won}, {@code 187.34 dollars}. */
    public static String text(Currency currency, long units) {
        return number(currency, units) + " " + name(currency);
    }

    /** The number alone; {@code ?} when it is unknown. */
    public static String number(Currency currency, OptionalLong units) {
        return units.isPresent() ? number(currency, units.getAsLong()) : "?";
    }

    private static String number(Currency currency, long units) {
        return ApiValues.amount(currency, units).toPlainString();
    }

    /** The number of a detail. */
    public static Number figure(Currency currency, long units) {
        return currency.decimals() == 0 ? (Number) units : ApiValues.amount(currency, units);
    }

    /** The plural of its unit in a text. */
    static String name(Currency currency) {
        return switch (currency) {
            case KRW -> "won";
            case USD -> "dollars";
            case HKD -> "Hong Kong dollars";
        };
    }
}
