package kr.kisgateway.gateway.order;

import java.util.function.Function;
import kr.kisgateway.gateway.order.OrderEffect.Answer;

/** Loads the facts about a request: prices of the day, holdings of the account, blockers of trading. */
public interface OrderContextSource {
    /**
     * The current facts; may request them from the broker.
     *
     * @param principal name of the API key of the order
     */
    OrderInput.OrderContext load(String principal, Terms terms);

    /**
     * The answer of {@code evaluation}. When it refuses for missing shares or cash and the broker has a newer answer, it is
     * called once more with that.
     */
    Answer evaluate(String principal, Terms terms, Function<OrderInput.OrderContext, Answer> evaluation);
}
