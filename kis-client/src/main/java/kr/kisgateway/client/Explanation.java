package kr.kisgateway.client;

import kr.kisgateway.wire.Actor;

/**
 * Why an order was not accepted, or is in doubt.
 *
 * @param code KIS's {@code msg_cd}, or this library's own code; empty when KIS gave none
 * @param cause in English; KIS's or this library's message where the code is not listed
 * @param causeKo the same in Korean
 * @param remedy what to do, in English
 * @param remedyKo the same in Korean
 * @param retryable whether the same order may be sent again as it is; never while it is in doubt
 * @param actor who must act
 */
public record Explanation(
        String code, String cause, String causeKo, String remedy, String remedyKo, boolean retryable, Actor actor) {}
