package kr.kisgateway.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketCalendar;
import kr.kisgateway.market.MarketPolicy;
import kr.kisgateway.market.MarketSession;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.Product;
import kr.kisgateway.market.TradingCalendar;

/** Hong Kong: all that a further market needs, beside the file of its instruments. */
public final class HongKong implements MarketPolicy {
    static final Market MARKET = new Market("hk", Currency.HKD, ZoneId.of("Asia/Hong_Kong"), LocalTime.of(16, 0));
    private static final String LIST = "SEHK";

    /** A stock by its number of five digits: {@code 00700.SEHK}. */
    public record Stock(String number) implements MarketSymbol {
        @Override
        public String code() {
            return number + "." + LIST;
        }

        @Override
        public String ticker() {
            return number;
        }

        @Override
        public Market market() {
            return MARKET;
        }
    }

    private enum Hours implements MarketSession {
        OPEN,
        CLOSED;

        @Override
        public boolean isOpen() {
            return this == OPEN;
        }

        @Override
        public boolean isBeforeTrading() {
            return false;
        }

        @Override
        public boolean isAuction() {
            return false;
        }

        @Override
        public boolean setsPrice() {
            return true;
        }

        @Override
        public PriceSeries series() {
            return PriceSeries.MAIN;
        }
    }

    /** Weekdays from 9:30 to 12:00 and from 13:00 to 16:00. */
    private record Calendar() implements MarketCalendar {
        @Override
        public ZoneId zone() {
            return MARKET.zone();
        }

        @Override
        public Hours session(Instant now) {
            var at = now.atZone(zone());
            int minute = at.getHour() * 60 + at.getMinute();
            boolean open = minute >= 570 && minute < 720 || minute >= 780 && minute < 960;
            return open && isTradingDay(at.toLocalDate()) ? Hours.OPEN : Hours.CLOSED;
        }

        @Override
        public LocalDate tradingDay(Instant now) {
            return now.atZone(zone()).toLocalDate();
        }

        @Override
        public boolean isTradingDay(LocalDate date) {
            return date.getDayOfWeek() != DayOfWeek.SATURDAY && date.getDayOfWeek() != DayOfWeek.SUNDAY;
        }

        @Override
        public Instant endOf(LocalDate tradingDay) {
            return tradingDay.atTime(16, 10).atZone(zone()).toInstant();
        }
    }

    @Override
    public Market market() {
        return MARKET;
    }

    @Override
    public List<String> lists() {
        return List.of(LIST);
    }

    @Override
    public Optional<Stock> parse(String text) {
        return text.matches("[0-9]{5}\\.SEHK") ? Optional.of(new Stock(text.substring(0, 5))) : Optional.empty();
    }

    @Override
    public List<Stock> candidates(String text) {
        var number = text.strip().toUpperCase(Locale.ROOT).replaceFirst("\\.(HK|SEHK)$", "");
        return number.matches("[0-9]{1,5}") ? List.of(new Stock("0".repeat(5 - number.length()) + number)) : List.of();
    }

    @Override
    public long tick(Product product, long price, LocalDate date) {
        return price < 100_000 ? 50 : price < 200_000 ? 100 : 200;
    }

    @Override
    public MarketCalendar calendar(TradingCalendar korean) {
        return new Calendar();
    }

    @Override
    public List<ShippedInstrument> shipped() {
        try (var file = HongKong.class.getResourceAsStream("hk-stocks.csv")) {
            if (file == null) {
                throw new IllegalStateException("hk-stocks.csv is missing");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(line -> line.split(","))
                    .map(row -> new ShippedInstrument(
                            new Stock(row[0]),
                            LIST,
                            Product.STOCK,
                            row[1],
                            new BigDecimal(row[2])
                                    .movePointRight(Currency.HKD.decimals())
                                    .longValueExact(),
                            LocalDate.parse(row[3]),
                            Long.parseLong(row[4]),
                            OptionalLong.empty(),
                            Optional.empty()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
