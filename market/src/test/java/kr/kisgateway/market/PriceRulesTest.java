package kr.kisgateway.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PriceRulesTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);
    private static final Instruments LISTING = Instruments.load();

    @Test
    void ticks_of_stocks_change_at_the_bounds_of_the_table() {
        long[][] table = {
            {1, 1},
            {1_999, 1},
            {2_000, 5},
            {4_999, 5},
            {5_000, 10},
            {19_999, 10},
            {20_000, 50},
            {49_999, 50},
            {50_000, 100},
            {199_999, 100},
            {200_000, 500},
            {499_999, 500},
            {500_000, 1_000},
            {2_735_000, 1_000},
        };
        for (var row : table) {
            assertThat(PriceRules.tick(Product.STOCK, row[0], DAY))
                    .as("at %d", row[0])
                    .isEqualTo(row[1]);
        }
    }

    @Test
    void cheap_etfs_have_had_one_won_ticks_since_december_2023() {
        assertThat(PriceRules.tick(Product.ETF, 1_999, DAY)).isEqualTo(1);
        assertThat(PriceRules.tick(Product.ETN, 2_000, DAY)).isEqualTo(5);
        assertThat(PriceRules.tick(Product.ETF, 34_970, DAY)).isEqualTo(5);
        assertThat(PriceRules.tick(Product.ETF, 1_999, LocalDate.of(2023, 11, 30)))
                .isEqualTo(5);
    }

    @Test
    void a_date_before_the_tables_is_refused_instead_of_guessed() {
        assertThatThrownBy(() -> PriceRules.tick(Product.STOCK, 71_500, LocalDate.of(2023, 1, 24)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2023-01-24")
                .hasMessageContaining("2023-01-25");
    }

    @Test
    void a_price_below_one_won_is_refused() {
        assertThatThrownBy(() -> PriceRules.isOnTick(Product.STOCK, 0, DAY))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PriceRules.limits(Board.KOSPI, Product.STOCK, -1, DAY))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void steps_cross_the_bounds_with_the_tick_of_the_band_they_enter() {
        assertThat(PriceRules.nextUp(Product.STOCK, 1_999, DAY)).isEqualTo(2_000);
        assertThat(PriceRules.nextUp(Product.STOCK, 2_000, DAY)).isEqualTo(2_005);
        assertThat(PriceRules.nextDown(Product.STOCK, 2_000, DAY)).isEqualTo(1_999);
        assertThat(PriceRules.nextDown(Product.STOCK, 200_000, DAY)).isEqualTo(199_900);
        assertThat(PriceRules.nextUp(Product.STOCK, 199_900, DAY)).isEqualTo(200_000);
        assertThat(PriceRules.nextDown(Product.STOCK, 1, DAY)).isZero();
    }

    @Test
    void a_price_off_tick_lies_between_its_two_nearest_valid_prices() {
        assertThat(PriceRules.nearest(Product.STOCK, 71_550, DAY)).isEqualTo(new NearestPrices(71_500, 71_600));
        assertThat(PriceRules.nearest(Product.STOCK, 71_500, DAY)).isEqualTo(new NearestPrices(71_500, 71_500));
        assertThat(PriceRules.nearest(Product.STOCK, 499_999, DAY)).isEqualTo(new NearestPrices(499_500, 500_000));
        assertThat(PriceRules.nearest(Product.ETF, 3, LocalDate.of(2023, 6, 1))).isEqualTo(new NearestPrices(5, 5));
    }

    @Property
    void snapping_gives_a_valid_price_and_is_idempotent(
            @ForAll Product product, @ForAll @LongRange(min = 1, max = 10_000_000) long price) {
        long down = PriceRules.snapDown(product, price, DAY);
        long up = PriceRules.snapUp(product, price, DAY);

        assertThat(down).isLessThanOrEqualTo(price);
        assertThat(up).isGreaterThanOrEqualTo(price);
        assertThat(PriceRules.isOnTick(product, down, DAY)).isTrue();
        assertThat(PriceRules.isOnTick(product, up, DAY)).isTrue();
        assertThat(PriceRules.snapDown(product, down, DAY)).isEqualTo(down);
        assertThat(PriceRules.snapUp(product, up, DAY)).isEqualTo(up);
        assertThat(up == down).isEqualTo(PriceRules.isOnTick(product, price, DAY));
    }

    @Property
    void no_valid_price_lies_between_a_price_and_the_next(
            @ForAll Product product, @ForAll @LongRange(min = 2, max = 1_000_000) long price) {
        long up = PriceRules.nextUp(product, price, DAY);
        long down = PriceRules.nextDown(product, price, DAY);

        for (long between = down + 1; between < up; between++) {
            assertThat(between == price || !PriceRules.isOnTick(product, between, DAY))
                    .as("%d lies between %d and %d", between, down, up)
                    .isTrue();
        }
        assertThat(PriceRules.isOnTick(product, up, DAY)).isTrue();
        assertThat(PriceRules.isOnTick(product, down, DAY)).isTrue();
    }

    @Test
    void limits_are_rounded_as_the_exchange_rounds_them() {
        // Width 59,820 is cut to 59,800 by the base's tick of 100; 259,200 is cut to 259,000 by its own of 500.
        assertThat(limits(Board.KOSPI, 199_400)).isEqualTo(new PriceLimits(199_400, 139_600, 259_000));
        // The width of a base in a coarse band leaves a lower limit in a finer band: no rounding there.
        assertThat(limits(Board.KOSDAQ, 5_010)).isEqualTo(new PriceLimits(5_010, 3_510, 6_510));
        // A base off the tick table: width 629 → 625; 2,722 down to 2,720; 1,472 stands, ticks there are 1.
        assertThat(limits(Board.KOSDAQ, 2_097)).isEqualTo(new PriceLimits(2_097, 1_472, 2_720));
        // A base off the table whose lower limit has to be rounded up: width 899 → 895; 2,102 → 2,105, 3,892 → 3,890.
        assertThat(limits(Board.KOSDAQ, 2_997)).isEqualTo(new PriceLimits(2_997, 2_105, 3_890));
        assertThat(limits(Board.KONEX, 10_000)).isEqualTo(new PriceLimits(10_000, 8_500, 11_500));
    }

    @Test
    void the_cheapest_stocks_can_still_move_a_tick() {
        assertThat(limits(Board.KOSPI, 1)).isEqualTo(new PriceLimits(1, 1, 2));
        assertThat(limits(Board.KONEX, 6)).isEqualTo(new PriceLimits(6, 5, 7));
        assertThat(limits(Board.KOSPI, 28)).isEqualTo(new PriceLimits(28, 20, 36));
    }

    @Property
    void limits_lie_on_tick_inside_the_rate_and_within_two_ticks_of_it(
            @ForAll Board market, @ForAll Product product, @ForAll @LongRange(min = 7, max = 10_000_000) long base) {
        var limits = PriceRules.limits(market, product, base, DAY);
        long perMille = market == Board.KONEX ? 150 : 300;

        assertThat(PriceRules.isOnTick(product, limits.lower(), DAY)).isTrue();
        assertThat(PriceRules.isOnTick(product, limits.upper(), DAY)).isTrue();
        assertThat(limits.contains(base)).isTrue();
        assertThat((limits.upper() - base) * 1_000).isLessThanOrEqualTo(base * perMille);
        assertThat((base - limits.lower()) * 1_000).isLessThanOrEqualTo(base * perMille);
        long slack = PriceRules.tick(product, base, DAY) + PriceRules.tick(product, limits.upper(), DAY);
        assertThat((limits.upper() - base + slack) * 1_000).isGreaterThan(base * perMille);
        assertThat((base - limits.lower() + slack) * 1_000).isGreaterThan(base * perMille);
    }

    @Test
    void a_leveraged_etf_may_move_its_multiple() {
        assertThat(etfLimits("KODEX 레버리지")).isEqualTo(new PriceLimits(10_000, 4_000, 16_000));
        assertThat(etfLimits("TIGER 200선물인버스2X")).isEqualTo(new PriceLimits(10_000, 4_000, 16_000));
        assertThat(etfLimits("KOSEF 국채 레버리지1.5X(합성)")).isEqualTo(new PriceLimits(10_000, 5_500, 14_500));
        assertThat(etfLimits("KOSEF 국채 0.5X")).isEqualTo(new PriceLimits(10_000, 7_000, 13_000));
    }

    @Test
    void the_X_of_a_brand_or_an_index_is_no_multiple() {
        for (var name : new String[] {"KODEX 인버스", "KBSTAR KRX300", "ACE 일본TOPIX인버스(합성 H)", "TIGER 2차전지TOP10"}) {
            assertThat(etfLimits(name)).as(name).isEqualTo(new PriceLimits(10_000, 7_000, 13_000));
        }
    }

    @Test
    void a_stock_with_leverage_in_its_name_is_still_a_stock() {
        var odd = instrument("레버리지2X", Product.STOCK);
        assertThat(PriceRules.limits(odd, DAY)).isEqualTo(new PriceLimits(10_000, 7_000, 13_000));
    }

    @Test
    void fifty_five_listed_etfs_are_leveraged() {
        assertThat(LISTING.all().stream()
                        .filter(i -> i.product() == Product.ETF)
                        .filter(i -> PriceRules.limits(i, 10_000, DAY).upper() == 16_000)
                        .map(Instrument::name))
                .hasSize(55)
                .allMatch(name -> name.contains("레버리지") || name.contains("인버스2X"))
                .contains("KODEX 레버리지", "KODEX 200선물인버스2X", "KOSEF 국고채10년레버리지");
    }

    @Test
    void every_listed_instrument_starts_on_tick_and_inside_its_limits() {
        assertThat(LISTING.all()).allSatisfy(i -> {
            long start = PriceRules.startPrice(i, DAY);
            assertThat(PriceRules.isOnTick(i.product(), start, DAY)).isTrue();
            assertThat(PriceRules.limits(i, DAY).contains(start)).isTrue();
            assertThat(PriceRules.limits(i, DAY).base()).isEqualTo(i.close());
        });
        var offTick = LISTING.find(new Symbol("444920")).orElseThrow();
        assertThat(offTick.close()).isEqualTo(2_097);
        assertThat(PriceRules.startPrice(offTick, DAY)).isEqualTo(2_095);
    }

    @Test
    void an_absurd_base_is_an_error_and_not_a_small_number() {
        assertThatThrownBy(() -> limits(Board.KOSPI, Long.MAX_VALUE)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> PriceRules.nextUp(Product.STOCK, Long.MAX_VALUE, DAY))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void a_price_beyond_a_limit_is_clamped_to_it() {
        var limits = new PriceLimits(10_000, 7_000, 13_000);
        assertThat(limits.clamp(6_990)).isEqualTo(7_000);
        assertThat(limits.clamp(13_010)).isEqualTo(13_000);
        assertThat(limits.clamp(9_990)).isEqualTo(9_990);
        assertThat(limits.contains(13_000)).isTrue();
        assertThat(limits.contains(13_010)).isFalse();
        assertThat(limits.contains(6_990)).isFalse();
    }

    private static PriceLimits limits(Board market, long base) {
        return PriceRules.limits(market, Product.STOCK, base, DAY);
    }

    private static PriceLimits etfLimits(String name) {
        return PriceRules.limits(instrument(name, Product.ETF), DAY);
    }

    private static Instrument instrument(String name, Product product) {
        return new Instrument(
                new Symbol("123456"),
                Optional.empty(),
                name,
                Optional.empty(),
                Board.KOSPI,
                product,
                Optional.empty(),
                Optional.empty(),
                1,
                OptionalLong.empty(),
                10_000,
                DAY,
                0,
                0);
    }

    @Test
    void a_multiple_has_one_digit_and_at_most_one_decimal() {
        assertThat(etfLimits("2.0X 레버리지")).isEqualTo(new PriceLimits(10_000, 4_000, 16_000));
        assertThat(etfLimits("1.5X 국채")).isEqualTo(new PriceLimits(10_000, 5_500, 14_500));
        assertThat(etfLimits("KOSEF 국채2.0X")).isEqualTo(new PriceLimits(10_000, 4_000, 16_000));
        assertThat(etfLimits("KOSEF 국채1.9X")).isEqualTo(new PriceLimits(10_000, 4_300, 15_700));
        assertThat(etfLimits("2X 국채")).isEqualTo(new PriceLimits(10_000, 4_000, 16_000));
        assertThat(etfLimits("KOSEF 국채9X")).isEqualTo(new PriceLimits(10_000, 1, 37_000));
        for (var name :
                new String[] {"12X", "KOSEF 12X", "KOSEF 02X", "KOSEF 92X", "KOSEF 1.2.5X", ".2X", "KOSEF 0X"}) {
            assertThat(etfLimits(name)).as(name).isEqualTo(new PriceLimits(10_000, 7_000, 13_000));
        }
    }

    @Test
    void an_X_before_a_latin_letter_begins_a_word() {
        for (var letter : new String[] {"A", "M", "Z", "a", "m", "z"}) {
            assertThat(etfLimits("KOSEF 2X" + letter)).as(letter).isEqualTo(new PriceLimits(10_000, 7_000, 13_000));
        }
        for (var other : new String[] {"", " ", "(합성)", "@", "[", "`", "{", "국채", "ᴬ"}) {
            assertThat(etfLimits("KOSEF 2X" + other)).as(other).isEqualTo(new PriceLimits(10_000, 4_000, 16_000));
        }
    }

    @Test
    void both_limits_are_valid_prices_and_may_be_the_same() {
        var limits = new PriceLimits(10_000, 7_000, 13_000);
        assertThat(limits.contains(7_000)).isTrue();
        assertThat(limits.contains(6_999)).isFalse();
        assertThat(limits.contains(13_001)).isFalse();
        var single = new PriceLimits(1, 1, 1);
        assertThat(single.contains(1)).isTrue();
        assertThat(single.clamp(2)).isEqualTo(1);
        assertThatThrownBy(() -> new PriceLimits(10_000, 13_000, 12_990)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PriceLimits(1, 0, 2)).isInstanceOf(IllegalArgumentException.class);
    }
}
