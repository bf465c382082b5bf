-- The organisations that have a small view of a trajectory beside the partners, each after its party (`care-provider ribw`): the receiver of a move to another region until
-- it answers, a second provider, the corporation that referred somebody about to lose a home.
ALTER TABLE trajectories ADD COLUMN beside text[] NOT NULL DEFAULT '{}';

CREATE INDEX trajectories_beside ON trajectories USING gin (beside) WHERE beside <> '{}';
