package kr.kisgateway.gateway.portfolio;

import java.time.LocalDate;
import java.util.Optional;

/**
 * Money that shares earned: a dividend, or another right that pays.
 *
 * @param symbol as the broker writes it
 * @param qty shares held on the record date
 * @param amount before {@code tax}, in units of the currency
 * @param payDay empty while the broker names none
 * @param type the broker's code of the kind of right
 */
public record PaidRight(
        String symbol,
        String name,
        LocalDate recordDate,
        long qty,
        long amount,
        long tax,
        Optional<LocalDate> payDay,
        String type) {}
