"""AWS IAM's judgement of one request, from the policies alone.

`evaluate.judge` decides, `policy.read` refuses what IAM would not store, `advice.advice` tells what IAM stores
in silence though it has no effect. No list of resources, actions or roles of ours is in here.
"""
