/** What a field of a record promises beyond its type; read by what writes the OpenAPI document. */
@NullMarked
package kr.kisgateway.api.schema;

import org.jspecify.annotations.NullMarked;
