package kr.kisgateway.client;

import kr.kisgateway.wire.Actor;

/**
 * Why an order was not taken, or is in doubt.
 *
 * @param code KIS's {@code msg_cd}, or this library's own name of it; empty when KIS gave none
 * @param cause in English; what KIS or this library said, where the code is in no list
 * @param causeKo the same in Korean
 * @param remedy what to do, in English
 * @param remedyKo the same in Korean
 * @param retryable whether the same order may be sent again as it is; never while it is in doubt
 * @param actor who must act
 */
public record Explanation(
        String code, String cause, String causeKo, String remedy, String remedyKo, boolean retryable, Actor actor) {}
