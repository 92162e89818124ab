#!/usr/bin/env bash
# Makes MONTI's tables in DynamoDB with the aws CLI; what is there stays as it is.
#
#   scripts/create-dynamo-tables.sh                            on AWS, with the CLI's own credentials
#   DYNAMO_USE_LOCAL=true scripts/create-dynamo-tables.sh      on http://localhost:8000
#
# DYNAMO_ENDPOINT, AWS_REGION and DYNAMO_TABLE_PREFIX mean what they mean to monti-server, and
# `monti-server dynamo create-tables` does the same without the CLI. Billing is on demand; on AWS
# point-in-time recovery is turned on.
set -euo pipefail

if ! command -v aws >/dev/null; then
    echo "the aws CLI is missing; install it (pip install awscli), or use:" \
        "monti-server dynamo create-tables" >&2
    exit 1
fi

endpoint=${DYNAMO_ENDPOINT:-}
use_local=${DYNAMO_USE_LOCAL:-false}
case $(tr '[:upper:]' '[:lower:]' <<<"$use_local") in
true | t | yes | y | on | 1)
    is_local=yes
    endpoint=${endpoint:-http://localhost:8000}
    # Such servers ask for some, whichever they are.
    export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_REGION=${AWS_REGION:-us-east-1}
    unset AWS_SESSION_TOKEN AWS_PROFILE
    ;;
false | f | no | n | off | 0) is_local= ;;
*)
    echo "DYNAMO_USE_LOCAL=$use_local: allowed are true and false" >&2
    exit 1
    ;;
esac

# Version 2 of the CLI would show answers in a pager.
export AWS_PAGER=

dynamodb() {
    aws dynamodb "$@" ${endpoint:+--endpoint-url "$endpoint"} \
        ${AWS_REGION:+--region "$AWS_REGION"} --output text
}

# make NAME PARTITION_KEY SORT_KEY
make() {
    local table=${DYNAMO_TABLE_PREFIX:-}$1 said
    if said=$(dynamodb create-table --table-name "$table" --billing-mode PAY_PER_REQUEST \
        --attribute-definitions "AttributeName=$2,AttributeType=S" "AttributeName=$3,AttributeType=S" \
        --key-schema "AttributeName=$2,KeyType=HASH" "AttributeName=$3,KeyType=RANGE" 2>&1); then
        echo "$table: made"
    elif [[ $said == *ResourceInUseException* ]]; then
        echo "$table: was there"
    else
        echo "$table: $said" >&2
        return 1
    fi
    dynamodb wait table-exists --table-name "$table"
    if [ -z "$is_local" ]; then
        keep_for_recovery "$table"
        echo "$table: point-in-time recovery is on"
    fi
}

# keep_for_recovery TABLE: a table that was just made may not be ready for it for some seconds.
keep_for_recovery() {
    local said
    for _ in $(seq 20); do
        ! said=$(dynamodb update-continuous-backups --table-name "$1" \
            --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true 2>&1) || return 0
        [[ $said =~ ContinuousBackupsUnavailableException|TableNotFoundException ]] || break
        sleep 3
    done
    echo "$1: $said" >&2
    return 1
}

make monti-call-records Date CallID
make monti-agent-daily-stats AgentID Date
