package kr.kisgateway.examples;

import kr.kisgateway.client.Kis;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisException;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.market.InvalidInputException;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.parse.PriceAnswer;

/** The present price of a stock. */
public final class Quote {
    private Quote() {}

    /** @param args the stock's code, 005930 (삼성전자) when left out */
    public static void main(String[] args) {
        // example: quick start
        try (KisClient kis = Kis.connect()) {
            var symbol = new Symbol(args.length > 0 ? args[0] : "005930");
            switch (kis.domestic().price(symbol)) {
                case KisReply.Ok<PriceAnswer>(PriceAnswer now) ->
                    IO.println(symbol + ": " + now.price() + " won, " + now.changePct() + " %");
                case KisReply.Failed<PriceAnswer>(KisFailure why) -> IO.println(why.sentence());
            }
        } catch (InvalidInputException | KisException why) {
            IO.println(why.getMessage());
        }
        // end
    }
}
