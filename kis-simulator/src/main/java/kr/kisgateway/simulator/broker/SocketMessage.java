package kr.kisgateway.simulator.broker;

import java.util.Optional;

/**
 * The parts of a client's WebSocket message; a part is absent when the JSON has no such text.
 *
 * @param header whether there is a header object
 * @param body whether there is a body object
 * @param input whether there is a body.input object
 */
public record SocketMessage(
        boolean header,
        boolean body,
        boolean input,
        Optional<String> headerTrId,
        Optional<String> approvalKey,
        Optional<String> custType,
        Optional<String> trType,
        Optional<String> trId,
        Optional<String> trKey) {}
