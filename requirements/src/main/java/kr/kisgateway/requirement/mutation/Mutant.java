package kr.kisgateway.requirement.mutation;

/**
 * A change of the bytecode.
 *
 * @param line of the source
 * @param isCovered whether a test runs it at all
 * @param isDetected whether a test fails or does not end because of it
 */
record Mutant(Place place, int line, boolean isCovered, boolean isDetected) {
    /**
     * Where it is and what it is, without the line, which moves.
     *
     * @param method class and method, such as {@code Bars.merge}
     * @param change such as {@code negated conditional}
     */
    record Place(String method, String change) {}
}
