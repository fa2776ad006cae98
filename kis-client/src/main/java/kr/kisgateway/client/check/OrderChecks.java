package kr.kisgateway.client.check;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import kr.kisgateway.client.CancelOrder;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.ModifyOrder;
import kr.kisgateway.client.PlaceOrder;
import kr.kisgateway.client.core.Refusals;
import kr.kisgateway.market.Credit;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.NearestPrices;
import kr.kisgateway.market.PriceRules;
import kr.kisgateway.market.Product;
import kr.kisgateway.market.Symbol;

/** Validates an order against what the exchange would surely refuse. */
public final class OrderChecks {
    private static final List<Product> ASSUMED_PRODUCTS = List.of(Product.STOCK, Product.ETF);

    private OrderChecks() {}

    /** Loaded when the first price is checked, not with the class. */
    private static final class ListedInstruments {
        static final Instruments ALL = Instruments.load();
    }

    public static Optional<KisFailure> validate(Environment environment, PlaceOrder order, LocalDate day) {
        return validateCredit(environment, order, day)
                .or(() -> validateQty(order.qty()))
                .or(() -> DivisionChecks.validate(environment, order.venue(), order.ordDvsn(), day))
                .or(() -> validatePrice(order, day))
                .or(() -> validateStopPrice(order, day));
    }

    private static Optional<KisFailure> validateCredit(Environment environment, PlaceOrder order, LocalDate day) {
        if (order.credit().isEmpty()) {
            return Optional.empty();
        }
        Credit credit = order.credit().get();
        if (environment != Environment.LIVE_FACE) {
            return Optional.of(Refusals.invalid("a credit order in paper, which has none", "send an order in cash"));
        }
        if (credit.type().side() != order.side()) {
            return Optional.of(Refusals.invalid(
                    "a " + order.side() + " with credit " + credit.type(),
                    "a buy opens a loan (LOAN_OPEN), a sale repays one (LOAN_REPAY)"));
        }
        boolean fits = credit.type().opensLoan()
                ? credit.loanDate().equals(day)
                : !credit.loanDate().isAfter(day);
        return fits
                ? Optional.empty()
                : Optional.of(Refusals.invalid(
                        "a " + order.side() + " on credit with the loan date " + credit.loanDate(),
                        "a buy's loan is of today, " + day + ", and a sale names the date of the loan it repays"));
    }

    private static Optional<KisFailure> validatePrice(PlaceOrder order, LocalDate day) {
        if (DivisionChecks.isPriced(order.ordDvsn())) {
            return validatePrice(order.symbol(), order.price(), day);
        }
        return order.price() == 0
                ? Optional.empty()
                : Optional.of(Refusals.invalid(
                        "an order of ORD_DVSN " + order.ordDvsn() + " with a price of " + order.price() + " won",
                        "leave the price 0, or send a limit"));
    }

    private static Optional<KisFailure> validateStopPrice(PlaceOrder order, LocalDate day) {
        if (DivisionChecks.isConditional(order.ordDvsn())) {
            return validatePrice(order.symbol(), order.stopPrice(), day);
        }
        return order.stopPrice() == 0
                ? Optional.empty()
                : Optional.of(Refusals.invalid(
                        "an order of ORD_DVSN " + order.ordDvsn() + " with a stop price", "send a stop limit (22)"));
    }

    public static Optional<KisFailure> validate(ModifyOrder modify, LocalDate day) {
        return validateOdno(modify.odno()).or(() -> validatePrice(modify.symbol(), modify.price(), day));
    }

    public static Optional<KisFailure> validate(CancelOrder cancel) {
        return validateOdno(cancel.odno()).or(() -> cancel.all() ? Optional.empty() : validateQty(cancel.qty()));
    }

    public static Optional<KisFailure> validateQty(long qty) {
        return qty >= 1
                ? Optional.empty()
                : Optional.of(Refusals.invalid("an order for " + qty + " shares", "name at least one share"));
    }

    public static Optional<KisFailure> validateOdno(long odno) {
        return odno >= 1
                ? Optional.empty()
                : Optional.of(Refusals.invalid("an order number of " + odno, "take it from the acceptance"));
    }

    /** Why an order for {@code symbol} cannot have {@code price}; empty when it can. */
    public static Optional<KisFailure> validatePrice(Symbol symbol, long price, LocalDate day) {
        if (price < 1) {
            return Optional.of(Refusals.invalid("a price of " + price + " won", "name at least 1 won"));
        }
        return validatePrice(products(symbol), price, day);
    }

    /** As the other, without the symbol. */
    public static Optional<KisFailure> validatePrice(long price, LocalDate day) {
        return price < 1
                ? Optional.of(Refusals.invalid("a price of " + price + " won", "name at least 1 won"))
                : validatePrice(ASSUMED_PRODUCTS, price, day);
    }

    private static Optional<KisFailure> validatePrice(List<Product> products, long price, LocalDate day) {
        if (products.stream().anyMatch(product -> PriceRules.isOnTick(product, price, day))) {
            return Optional.empty();
        }
        String nearest = products.stream()
                .map(product -> PriceRules.nearest(product, price, day))
                .map((NearestPrices it) -> it.below() + " and " + it.above())
                .distinct()
                .collect(Collectors.joining(", or "));
        return Optional.of(
                Refusals.invalid(price + " won lies between two ticks (호가단위)", "the nearest prices are " + nearest));
    }

    /** Its possible products: a code newer than the listing does not distinguish a stock from an ETF. */
    private static List<Product> products(Symbol symbol) {
        if (symbol.code().startsWith("Q")) {
            return List.of(Product.ETN);
        }
        return ListedInstruments.ALL
                .find(symbol)
                .map(Instrument::product)
                .map(List::of)
                .orElse(ASSUMED_PRODUCTS);
    }
}
