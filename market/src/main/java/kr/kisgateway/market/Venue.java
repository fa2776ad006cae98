package kr.kisgateway.market;

/**
 * Destination of an order or origin of a trade: the exchange (KRX), the alternative trading system (NXT), or the
 * broker's smart order routing over both (SOR).
 */
public enum Venue {
    KRX,
    NXT,
    SOR
}
