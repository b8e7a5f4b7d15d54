// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title What the staking contract asks the source of a program's tasks.
interface ITaskSource {
    /// @notice Whether new stakes and delegations are taken for the task.
    function acceptsStakes(uint64 task) external view returns (bool);

    /// @notice Unix second at which the task was finalised or cancelled; 0 while it was not.
    function endedAt(uint64 task) external view returns (uint64);

    /// @notice Unix second at which submissions close; 0 while the task has no times.
    function closesAt(uint64 task) external view returns (uint64);
}

/// @title The arena's tasks on chain: their commitments, their times, their bounties.
/// @notice The phases between transactions follow from the times. Task numbers are those of the arena's API.
interface ITaskRegistry is ITaskSource {
    /// @notice What a transaction last made of the task.
    enum Status {
        None,
        Created,
        Verified,
        Opened,
        Finalised,
        Cancelled
    }

    /// @notice What the task is at this moment.
    enum Phase {
        None,
        Created,
        Verified,
        Scheduled,
        Submission,
        Final,
        AwaitingRanking,
        Finalised,
        Cancelled
    }

    /// @notice A task's commitments, times and bounty.
    /// @param creator the admin whose tokens the bounty is, and to whom a refund goes
    /// @param status what a transaction last made of it
    /// @param opensAt unix second from which submissions are taken
    /// @param closesAt unix second at which submissions close and the final phase begins
    /// @param finalEndsAt unix second at which the final phase ends
    /// @param endedAt unix second at which it was finalised or cancelled, 0 before
    /// @param bounty tokens in escrow now: 0 once they are paid or refunded
    /// @param specHash the hash of the task's specification
    /// @param rankingRoot the root of the final ranking; 0 if nobody was ranked
    struct Task {
        address creator;
        Status status;
        uint64 opensAt;
        uint64 closesAt;
        uint64 finalEndsAt;
        uint64 endedAt;
        uint128 bounty;
        bytes32 specHash;
        bytes32 rankingRoot;
    }

    /// @notice There is no task of this number.
    error UnknownTask(uint64 task);
    /// @notice The number is taken.
    error TaskExists(uint64 task);
    /// @notice Task 0 is not a task.
    error BadTaskNumber();
    /// @notice Not possible in the phase in which the task is.
    error WrongPhase(uint64 task, Phase phase);
    /// @notice The times are out of order, already past, too far away, or would move backwards.
    error BadTimes(uint64 opensAt, uint64 closesAt, uint64 finalEndsAt);
    /// @notice A task opens with the hash of its specification.
    error BadSpecHash();
    /// @notice The caller did not create the task.
    error NotCreator(uint64 task);
    /// @notice The token took a fee on the way: such tokens are refused.
    error ShortTransfer(uint256 expected, uint256 received);
    /// @notice A bounty is raised by something.
    error ZeroAmount();
    /// @notice An address that must not be zero is.
    error ZeroAddress();
    /// @notice The grace period is longer than the contract allows.
    error GraceTooLong(uint64 grace, uint64 maximum);
    /// @notice The task may be cancelled by anybody only later than this.
    error NotAbandoned(uint64 task, uint64 until);

    /// @notice A task was registered; `bounty` tokens of its creator are in escrow.
    event TaskCreated(uint64 indexed task, address indexed creator, uint256 bounty);
    /// @notice The creator added `delta` to the bounty.
    event BountyRaised(uint64 indexed task, address indexed from, uint256 delta, uint256 total);
    /// @notice The task was found sound: stakes are taken from now on.
    event TaskVerified(uint64 indexed task);
    /// @notice The task was committed to its specification and times.
    event TaskOpened(uint64 indexed task, bytes32 specHash, uint64 opensAt, uint64 closesAt, uint64 finalEndsAt);
    /// @notice Deadlines moved to later times.
    event TaskExtended(uint64 indexed task, uint64 opensAt, uint64 closesAt, uint64 finalEndsAt);
    /// @notice The task ended with its final ranking; root 0: nobody was ranked.
    event TaskFinalised(uint64 indexed task, bytes32 rankingRoot);
    /// @notice The task ended without a ranking.
    event TaskCancelled(uint64 indexed task);
    /// @notice The bounty went to the task's pot at the distributor `to`.
    event BountyPaid(uint64 indexed task, address indexed to, uint256 amount);
    /// @notice The bounty went back to its creator.
    event BountyRefunded(uint64 indexed task, address indexed to, uint256 amount);

    /// @notice Registers a task under its number; by a task admin, whose `bounty` tokens (approved before) are escrowed.
    function create(uint64 task, uint128 bounty) external;

    /// @notice Adds to the bounty; by the creator, until submissions close.
    function raiseBounty(uint64 task, uint128 amount) external;

    /// @notice Declares a created task sound; by a task admin.
    function verify(uint64 task) external;

    /// @notice Commits to the spec and sets the times of a verified task; by a task admin. A start in the past means now.
    function open(uint64 task, bytes32 specHash, uint64 opensAt, uint64 closesAt, uint64 finalEndsAt) external;

    /// @notice Moves deadlines that have not passed to later times, or leaves one of the two; by a task admin.
    function extend(uint64 task, uint64 closesAt, uint64 finalEndsAt) external;

    /// @notice Ends the task with its final ranking, after the final phase; by the rewards service. A zero root says that
    /// nobody was ranked: the bounty goes back to its creator; else it funds the distributor.
    function finalise(uint64 task, bytes32 rankingRoot) external;

    /// @notice Ends a task without a ranking and refunds the bounty; by a task admin, at any time before it is finalised.
    function cancel(uint64 task) external;

    /// @notice The same by anybody, once the final phase has been over for longer than the grace period, or a task that
    /// never opened has stood still for two years.
    function cancelAbandoned(uint64 task) external;

    /// @notice Unix second after which anybody may cancel the task.
    function abandonedAt(uint64 task) external view returns (uint64);

    /// @notice All that is known of a task; zeros for an unknown one.
    function taskOf(uint64 task) external view returns (Task memory);
    /// @notice What a task is at this moment.
    function phaseOf(uint64 task) external view returns (Phase);
}
