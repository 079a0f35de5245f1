"""What `vulture` takes for dead and is not; above each group stands who uses it.

Read by `make check` beside the code itself; tests/unit/test_dead_code.py fails for a name that is no longer
taken for dead, so that nothing hides here. Never imported.
"""

# http.server and socketserver read these of a handler or server, and call these by the request's method.
_.daemon_threads
_.block_on_close
_.protocol_version
_.wbufsize
_.disable_nagle_algorithm
_.close_connection
_.log_message
_.do_GET
_.do_POST
_.handle

# The Lambda runtime's context: whatever a handler may ask of it.
_.function_version
_.memory_limit_in_mb
_.invoked_function_arn
_.aws_request_id
_.log_group_name
_.log_stream_name
_.get_remaining_time_in_millis

# CloudFormation's intrinsic functions are found by their names (`getattr` in `infra.local.deploy_intrinsics`).
_._join
_._if
_._equals
_._not
_._and
_._or
_._findinmap
_._base64
_._cidr
_._getazs
_._importvalue
_._contains
_._eachmemberequals
_._eachmemberin
_._refall
_._valueof
_._valueofall

# The strict CloudFormation (docs/decisions/strict-cloudformation.md): so far its tests ask for them.
_.only_tags
_.leftovers

# The parts of a stored object that moto reads of it; `memo` is an argument of `copy.deepcopy`'s protocol.
_.__class__
_.contentsize
_._etag
memo

# zipfile, tarfile and psycopg read these of what is handed to them.
_.create_system
_.external_attr
_.linkname
_.isolation_level

# py4j looks for these in a class that Java calls back.
_.Java
_.implements

# Pydantic reads the configuration of a model, and validates by methods that nobody else calls.
_.model_config
_._short_forms
_._delta_has_operation
_._has_zone
_._one_or_several
_._of_text
_._work_of_text
_._one_space
_._shares_sum_to_one
_._work_of_text

# A key of published catalogs without effect, kept so that they hold.
_.expected_rows

# The words of an answer and of a question: pydantic makes the JSON and the OpenAPI document of them.
_.discount_rate
_.shipping_fee
_.mobile_url
_.image_url
_.category_path
_.model_number
_.review_count
_.rating
_.extra_image_urls
_.item_group_id
_.imported
_.parallel_import
_.made_to_order
_.mall_updated_at
_.least_quantity
_.unit_price_measure
_.free_shipping_over
_.card_price
_.card_price_condition
_.coupon_price
_.coupon_price_condition
_.stock_quantity
_.rates_as_of
_.from_
_.instance
_.preorder
_.backorder
_.discontinued

# Powertools' resolver calls what we override of it.
_.resolved_headers_field
_._to_proxy_event
_._compile_regex

# Stages of Spark go into a run's profile as they are (`dataclasses.asdict` in `mallfeed.progress.stages`).
_.cpu_s
_.gc_s
_.bytes_read
_.shuffle_written_bytes
_.spilled_bytes
_.rows_written
_.bytes_written
_.failed_tasks

# For sinks of other packages that keep their products in memory or in files (tests/plugins/sqlite_sink).
digest_of

# By what the simulation's tests of fairness tell arrivals apart.
_.class_name

# The mapping of the index is held against these (tests/unit/sinks/test_index_template.py).
_.index_types

# What IAM judges beside the calls of roles; tests/infra/iam asks it so, the local stack does not.
judge_passing
principal_of

# Functions of the rules of infra/local/calls/services, which JMESPath finds by their prefix.
_._func_after_last
_._func_with_slash
_._func_copied
_._func_entries
_._func_has_tags
_._func_secret_arn
_._func_key_arn
_._func_workgroup_arn
_._func_leading_keys

# A local stack makes no search domain; the template's options are held against it (tests/infra/limits/test_domain.py).
check_advanced_options
