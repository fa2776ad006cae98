package kr.kisgateway.gateway.instrument;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Product;

/** One line of the listing. */
public sealed interface Listed {
    /** The symbol as the API writes it: {@code 005930}, {@code AAPL.NASD}. */
    String code();

    MarketSymbol symbol();

    ListingMarket market();

    Product product();

    /** Korean name where there is one, else the English one. */
    String name();

    Optional<String> nameEn();

    /** Turnover of the listing's last day, in units of its own currency: comparable within one country only. */
    long turnover();

    Origin origin();

    /** Last close in units of the market's currency, where the list has one. */
    OptionalLong close();

    /** When the market had closed at {@link #close}: a moment at or before it. */
    Instant closedAt();

    /**
     * The Korean instrument, for calls that support only Korean instruments.
     *
     * @throws RefusedException for an instrument of another market
     */
    default Instrument requireKorean() {
        return switch (this) {
            case Korean korean -> korean.instrument();
            case Overseas stock -> throw new RefusedException(stock.koreanOnlyRefusal());
        };
    }

    /** The usual end of the regular session on {@code date}. */
    default Instant closeOn(LocalDate date) {
        var traded = symbol().market();
        return date.atTime(traded.closesAt()).atZone(traded.zone()).toInstant();
    }

    /**
     * A Korean instrument.
     *
     * @param instrument its representation in the rest of the gateway
     * @param flags its listing status; absent in the list shipped with the program
     * @param basePrice the base of the price limits of the listing's day, in won; absent in the shipped list
     * @param lot shares per lot in the regular session, where the list has it
     * @param onNxt whether NXT trades it, by the broker's last answer ({@link NxtEligibility}); without one by {@link
     *     kr.kisgateway.market.NxtListing} [assumed]
     */
    record Korean(
            Instrument instrument,
            Optional<ListingFlags> flags,
            OptionalLong basePrice,
            OptionalLong lot,
            boolean onNxt,
            Origin origin)
            implements Listed {
        /** The same with another answer about NXT. */
        Korean withNxt(boolean isOnNxt) {
            return new Korean(instrument, flags, basePrice, lot, isOnNxt, origin);
        }

        @Override
        public String code() {
            return instrument.symbol().code();
        }

        @Override
        public MarketSymbol symbol() {
            return instrument.symbol();
        }

        @Override
        public ListingMarket market() {
            return ListingMarket.of(instrument.board());
        }

        @Override
        public Product product() {
            return instrument.product();
        }

        @Override
        public String name() {
            return instrument.name();
        }

        @Override
        public Optional<String> nameEn() {
            return instrument.nameEn();
        }

        @Override
        public long turnover() {
            return instrument.turnover();
        }

        @Override
        public OptionalLong close() {
            return instrument.close() > 0 ? OptionalLong.of(instrument.close()) : OptionalLong.empty();
        }

        @Override
        public Instant closedAt() {
            return closeOn(instrument.closeDate());
        }
    }

    /**
     * A stock or exchange-traded product of another market.
     *
     * @param koreanName where the broker has one
     * @param close last close (of a master file: base price) in units of the currency; absent where the list has none
     * @param closeDate the day of {@code close}, where available
     * @param volume shares traded that day; 0 where unavailable
     * @param listedShares shares outstanding, where available
     */
    record Overseas(
            MarketSymbol symbol,
            ListingMarket market,
            Product product,
            Optional<String> koreanName,
            Optional<String> nameEn,
            OptionalLong close,
            Optional<LocalDate> closeDate,
            long volume,
            OptionalLong listedShares,
            Optional<String> sector,
            OptionalLong lot,
            Origin origin)
            implements Listed {
        /** The refusal where a call supports only Korean instruments. */
        public Refusal koreanOnlyRefusal() {
            return Refusal.of(
                            ErrorCode.UNSUPPORTED_BY_SOURCE,
                            "This is available for Korean instruments only; " + code() + " is a "
                                    + symbol.market().id().toUpperCase(Locale.ROOT) + " stock.")
                    .with("symbol", code());
        }

        @Override
        public String code() {
            return symbol.code();
        }

        @Override
        public String name() {
            return koreanName.or(() -> nameEn).orElse(symbol.ticker());
        }

        @Override
        public Instant closedAt() {
            // A master file has the close without its day, which may precede a weekend.
            var day = closeDate.orElse(origin.date());
            var date = origin.source() == Origin.Source.SHIPPED ? day : day.minusDays(1);
            return closeOn(date);
        }

        @Override
        public long turnover() {
            return Math.multiplyHigh(volume, close.orElse(0)) == 0
                    ? Math.max(0, volume * close.orElse(0))
                    : Long.MAX_VALUE;
        }
    }
}
