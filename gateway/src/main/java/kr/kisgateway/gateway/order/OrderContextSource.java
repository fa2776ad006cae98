package kr.kisgateway.gateway.order;

import java.util.function.Function;
import kr.kisgateway.gateway.order.OrderEffect.Answer;

/** Finds out what is known around a request: prices of the day, what the account holds, what keeps us from trading. */
public interface OrderContextSource {
    /**
     * What is known now; may ask the broker.
     *
     * @param principal whose order it is
     */
    OrderInput.OrderContext load(String principal, Terms terms);

    /**
     * What {@code judge} says by it. When it says no for want of shares or cash and the broker has a newer answer, it is
     * called once more with that.
     */
    Answer evaluate(String principal, Terms terms, Function<OrderInput.OrderContext, Answer> evaluation);
}
