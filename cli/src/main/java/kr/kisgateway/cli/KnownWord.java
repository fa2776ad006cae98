package kr.kisgateway.cli;

import java.util.Arrays;
import java.util.List;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.NearestWord;
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TimeInForce;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A word of a set that the contract fixes, in capitals or not; another one is refused before anything is requested. */
abstract class KnownWord implements ITypeConverter<String> {
    /** What a ranking may be about. */
    static final List<String> RANKINGS =
            List.of("volume", "turnover", "volume-growth", "turnover-rate", "gainers", "losers", "market-cap");

    private final List<String> words;

    private KnownWord(List<String> words) {
        this.words = words;
    }

    private KnownWord(Enum<?>[] values) {
        this(Arrays.stream(values).map(Enum::name).toList());
    }

    @Override
    public final String convert(String text) {
        // 1m is a minute and M a month: the exact word first.
        return words.stream()
                .filter(text::equals)
                .findFirst()
                .or(() -> words.stream().filter(text::equalsIgnoreCase).findFirst())
                .orElseThrow(() -> new TypeConversionException(
                        "'" + text + "' is none of " + String.join(", ", words) + NearestWord.ending(text, words)));
    }

    /** The type of an order. */
    static final class Type extends KnownWord {
        Type() {
            super(OrderType.values());
        }
    }

    /** The session in which an order trades. */
    static final class Session extends KnownWord {
        Session() {
            super(OrderSession.values());
        }
    }

    /** How long an order is valid. */
    static final class Validity extends KnownWord {
        Validity() {
            super(TimeInForce.values());
        }
    }

    /** Whether an order buys or sells. */
    static final class BuyOrSell extends KnownWord {
        BuyOrSell() {
            super(Side.values());
        }
    }

    /** What a bar covers. */
    static final class Period extends KnownWord {
        Period() {
            super(BarPeriod.wireNames());
        }
    }

    /** What a ranking is about. */
    static final class RankingKind extends KnownWord {
        RankingKind() {
            super(RANKINGS);
        }
    }

    /** Whether parent orders are open or have ended. */
    static final class OpenOrEnded extends KnownWord {
        OpenOrEnded() {
            super(List.of("open", "ended"));
        }
    }
}
