package kr.kisgateway.market;

/**
 * How long an order is valid: the day, or only the moment of its arrival (IOC the part that fills, FOK all or nothing).
 */
public enum TimeInForce {
    DAY,
    IOC,
    FOK
}
