package kr.kisgateway.market;

/** The place an order goes to or a trade came from: the exchange (KRX), the alternative trading system (NXT), or the broker's smart routing over both (SOR). */
public enum Venue {
    KRX,
    NXT,
    SOR
}
