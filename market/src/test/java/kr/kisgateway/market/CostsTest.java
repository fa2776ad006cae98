package kr.kisgateway.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.LocalDate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class CostsTest {
    private static final LocalDate IN_2026 = LocalDate.of(2026, 11, 20);
    private static final Costs COSTS = Costs.usual();

    @Test
    void commission_is_rounded_down_to_one_won() {
        assertThat(COSTS.commission(10_000_000)).isEqualTo(1_405); // 1,405.27
        assertThat(COSTS.commission(7_116)).isEqualTo(0); // 0.99999…
        assertThat(COSTS.commission(7_117)).isEqualTo(1);
        assertThat(COSTS.commission(0)).isZero();
        assertThat(new Costs(42_000).commission(10_000_000)).isEqualTo(420);
    }

    @Test
    void the_tax_on_a_sale_follows_board_product_and_year() {
        assertThat(tax(Board.KOSPI, Product.STOCK, IN_2026)).isEqualTo(2_000);
        assertThat(tax(Board.KOSDAQ, Product.STOCK, IN_2026)).isEqualTo(2_000);
        assertThat(tax(Board.KONEX, Product.STOCK, IN_2026)).isEqualTo(1_000);
        assertThat(tax(Board.KOSPI, Product.ETF, IN_2026)).isZero();
        assertThat(tax(Board.KOSPI, Product.ETN, IN_2026)).isZero();
        assertThat(tax(Board.KOSPI, Product.STOCK, LocalDate.of(2025, 12, 30))).isEqualTo(1_500);
        assertThat(tax(Board.KOSDAQ, Product.STOCK, LocalDate.of(2025, 1, 2))).isEqualTo(1_500);
        assertThat(tax(Board.KOSPI, Product.STOCK, LocalDate.of(2024, 12, 30))).isEqualTo(1_800);
        assertThat(tax(Board.KOSDAQ, Product.STOCK, LocalDate.of(2023, 12, 28))).isEqualTo(2_000);
    }

    @Test
    void only_a_sale_is_taxed() {
        assertThat(COSTS.of(Side.BUY, Board.KOSPI, Product.STOCK, 10_000_000, IN_2026))
                .isEqualTo(1_405);
        assertThat(COSTS.of(Side.SELL, Board.KOSPI, Product.STOCK, 10_000_000, IN_2026))
                .isEqualTo(1_405 + 20_000);
    }

    @Test
    void a_year_without_a_rate_and_a_negative_amount_are_refused() {
        assertThatThrownBy(() -> tax(Board.KOSPI, Product.STOCK, LocalDate.of(2022, 12, 29)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2023-01-01");
        assertThatThrownBy(() -> COSTS.commission(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> COSTS.sellTax(Board.KOSPI, Product.ETF, -1, IN_2026))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Costs(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void no_amount_overflows_and_every_share_is_exact(
            @ForAll @LongRange(min = 0) long amount, @ForAll @LongRange(min = 0, max = 999_999_999) long rate) {
        var exact = BigInteger.valueOf(amount)
                .multiply(BigInteger.valueOf(rate))
                .divide(BigInteger.valueOf(1_000_000_000))
                .longValueExact();
        assertThat(new Costs(rate).commission(amount)).isEqualTo(exact);
    }

    private static long tax(Board market, Product product, LocalDate date) {
        return COSTS.sellTax(market, product, 1_000_000, date);
    }

    @Test
    void a_rate_is_less_than_the_amount_itself() {
        assertThat(new Costs(999_999_999).commission(1_000_000_000)).isEqualTo(999_999_999);
        assertThatThrownBy(() -> new Costs(1_000_000_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1000000000");
    }

    @Test
    void a_reservation_covers_the_dearest_venue_of_its_currency() {
        var rates = new Commissions(140_000, 150_000, 2_500_000);
        assertThat(rates.highest(Currency.KRW)).isEqualTo(new Costs(150_000));
        assertThat(new Commissions(150_000, 140_000, 2_500_000).highest(Currency.KRW))
                .isEqualTo(new Costs(150_000));
        assertThat(rates.highest(Currency.USD)).isEqualTo(new Costs(2_500_000));
    }

    @Test
    void each_venue_has_its_own_commission_and_routing_that_of_the_dearer_one() {
        var rates = new Commissions(140_000, 150_000, 2_500_000);
        assertThat(rates.on(Venue.KRX)).isEqualTo(new Costs(140_000));
        assertThat(rates.on(Venue.NXT)).isEqualTo(new Costs(150_000));
        assertThat(rates.on(Venue.SOR)).isEqualTo(new Costs(150_000));
        assertThat(rates.on(Venue.NYSE)).isEqualTo(new Costs(2_500_000));
        // 0.25 % of 300.00 dollars is 75 cents.
        assertThat(Commissions.usual().on(Venue.NASD).commission(3_000_000)).isEqualTo(7_500);
        assertThat(Commissions.usual().on(Venue.KRX)).isEqualTo(Costs.usual());
    }
}
