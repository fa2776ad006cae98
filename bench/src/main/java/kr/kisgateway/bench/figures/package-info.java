/**
 * Stored runs of the benches: read, compared with a new one, and published as a table and pictures.
 */
@NullMarked
package kr.kisgateway.bench.figures;

import org.jspecify.annotations.NullMarked;
