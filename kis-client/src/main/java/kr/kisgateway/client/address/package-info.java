/**
 * Which addresses secrets may be sent to.
 */
@NullMarked
package kr.kisgateway.client.address;

import org.jspecify.annotations.NullMarked;
