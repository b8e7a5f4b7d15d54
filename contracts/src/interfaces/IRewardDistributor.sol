// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Pays what the settled epochs say: cumulative Merkle roots, active after a delay, claims by anybody for the account.
interface IRewardDistributor {
    /// @notice What became of an epoch's root. A pending root stays `Pending` until a call activates it.
    enum RootStatus {
        None,
        Pending,
        Active,
        Disabled
    }

    /// @notice The root of an epoch.
    /// @param root of the tree of ['address','uint256'] leaves, in the format of OpenZeppelin's StandardMerkleTree
    /// @param total of all leaves: what was ever earned
    /// @param activeAt unix second from which on it can be activated, fixed at its submission
    /// @param status what became of it; one that was active stays `Active` when a later one takes its place
    struct Root {
        bytes32 root;
        uint256 total;
        uint64 activeAt;
        RootStatus status;
    }

    /// @notice The epoch is not over yet.
    /// @param epoch that epoch
    /// @param endsAt unix second at which it is
    error EpochNotOver(uint64 epoch, uint64 endsAt);
    /// @notice A root was submitted for this epoch, or for a later one.
    /// @param epoch that epoch
    /// @param last the epoch that was submitted last
    error EpochNotNext(uint64 epoch, uint64 last);
    /// @notice The root of an earlier epoch is pending: it must be active or disabled first.
    /// @param epoch that earlier epoch
    error RootPending(uint64 epoch);
    /// @notice There is no pending root.
    /// @param epoch of which one was expected
    error NoPendingRoot(uint64 epoch);
    /// @notice The delay of the pending root is not over.
    /// @param activeAt unix second at which it is
    error NotYetActive(uint64 activeAt);
    /// @notice The root counts already, or its delay is over: it can't be taken back.
    /// @param epoch of the root
    error AlreadyActive(uint64 epoch);
    /// @notice The total is below that of the active root.
    /// @param total that was submitted
    /// @param activated total of the active root
    error TotalFell(uint256 total, uint256 activated);
    /// @notice The root needs more emission than the schedule allows.
    /// @param minted what would have been minted in all
    /// @param allowed by the end of the epoch
    error EmissionExceeded(uint256 minted, uint256 allowed);
    /// @notice A root of zero is none.
    error EmptyRoot();
    /// @notice The proof does not show that leaf under the active root.
    /// @param account of the leaf
    /// @param cumulative amount of the leaf
    error BadProof(address account, uint256 cumulative);
    /// @notice The account was paid all that this leaf grants.
    /// @param account of the leaf
    error NothingToClaim(address account);
    /// @notice The lists differ in length.
    error LengthMismatch();
    /// @notice The token took a fee on the way: such tokens are refused.
    /// @param expected what was sent
    /// @param received what arrived
    error ShortTransfer(uint256 expected, uint256 received);
    /// @notice The leaves of a root sum to more than its total: the claim would be paid from what is not its own.
    /// @param asked what the claim would pay
    /// @param left what the root has left
    error TotalExceeded(uint256 asked, uint256 left);
    /// @notice A pending root must not wait for ever.
    /// @param delay that was asked for
    /// @param maximum that is allowed
    error DelayTooLong(uint64 delay, uint64 maximum);
    /// @notice Epochs without length, or an emission above the cap.
    error BadSchedule();

    /// @notice A root waits for its delay.
    /// @param epoch that it settles
    /// @param root of the tree
    /// @param total of its leaves
    /// @param evidenceHash hash of the bundle from which anybody can recompute it
    /// @param uri where the bundle lies
    /// @param activeAt unix second from which on it counts
    event RootSubmitted(
        uint64 indexed epoch, bytes32 indexed root, uint256 total, bytes32 evidenceHash, string uri, uint64 activeAt
    );
    /// @notice A root counts: claims are checked against it from now on.
    /// @param epoch that it settles
    /// @param root of the tree
    /// @param total of its leaves
    /// @param minted emission that was minted for it; what more it pays was funded before
    event RootActivated(uint64 indexed epoch, bytes32 indexed root, uint256 total, uint256 minted);
    /// @notice A guardian took a root back. The next root includes what its epoch earned.
    /// @param epoch that it would have settled
    /// @param root of the tree
    event RootDisabled(uint64 indexed epoch, bytes32 indexed root);
    /// @notice An account was paid.
    /// @param account that was
    /// @param epoch of the active root
    /// @param root that was active
    /// @param amount that this claim paid
    /// @param cumulative all that the account has ever been paid
    event Claimed(
        address indexed account, uint64 indexed epoch, bytes32 indexed root, uint256 amount, uint256 cumulative
    );
    /// @notice Tokens for the pot of a task (a bounty, slashed stake) or, with task 0, for the arena.
    /// @param task whose pot
    /// @param from who paid
    /// @param amount that was received
    event Funded(uint64 indexed task, address indexed from, uint256 amount);
    /// @notice Roots submitted from now on wait so long.
    /// @param delay in seconds
    event ActivationDelaySet(uint64 delay);

    /// @notice Unix second at which epoch 0 began.
    function GENESIS() external view returns (uint64);

    /// @notice Seconds in an epoch.
    function EPOCH_LENGTH() external view returns (uint64);

    /// @notice What epochs 0 … 29 emit each; every 30 epochs it falls by a tenth.
    function EMISSION() external view returns (uint256);

    /// @notice All that may have been minted once an epoch is paid.
    /// @param epoch that epoch
    /// @return the sum of what the epochs 0 … `epoch` emit
    function emittedBy(uint64 epoch) external view returns (uint256);

    /// @notice Submits the root of an epoch that is over; by a submitter. A root that could not be paid is refused here.
    /// @param epoch later than any that was submitted before; those in between are settled with it
    /// @param root of the cumulative tree
    /// @param total of its leaves, at least that of the active root
    /// @param evidenceHash hash of the bundle from which anybody can recompute the root
    /// @param uri where the bundle lies
    function submitRoot(uint64 epoch, bytes32 root, uint256 total, bytes32 evidenceHash, string calldata uri) external;

    /// @notice Takes a pending root back; by a guardian, before it is active. Its epoch is not submitted again.
    /// @param epoch of the root
    function disableRoot(uint64 epoch) external;

    /// @notice Makes the pending root count once its delay is over; by anybody. Claims do it by themselves.
    function activate() external;

    /// @notice Pays an account what the active root grants it beyond what it was paid; by anybody.
    /// @param account to be paid
    /// @param cumulative amount of its leaf: all that it ever earned
    /// @param proof of the leaf
    /// @return paid what it was paid now
    function claim(address account, uint256 cumulative, bytes32[] calldata proof) external returns (uint256 paid);

    /// @notice Several claims at once; those with nothing to pay are passed over, a bad proof stops them all.
    /// @param accounts to be paid
    /// @param cumulatives amounts of their leaves
    /// @param proofs of their leaves
    function claimMany(address[] calldata accounts, uint256[] calldata cumulatives, bytes32[][] calldata proofs)
        external;

    /// @notice Takes tokens of the caller (approved before) for a task's pot.
    /// @param task whose pot; 0 for the arena
    /// @param amount how much
    function fund(uint64 task, uint256 amount) external;

    /// @notice Sets the delay of roots submitted from now on; by the admin.
    /// @param delay in seconds
    function setActivationDelay(uint64 delay) external;

    /// @notice Seconds from the submission of a root until it counts.
    function activationDelay() external view returns (uint64);

    /// @notice The root of an epoch.
    /// @param epoch that epoch
    /// @return the root; empty if none was submitted
    function rootOf(uint64 epoch) external view returns (Root memory);

    /// @notice The root that claims are checked against; zeros before the first.
    /// @return epoch that it settles
    /// @return root of its tree
    /// @return total of its leaves
    function active() external view returns (uint64 epoch, bytes32 root, uint256 total);

    /// @notice Whether a root is pending.
    /// @return exists whether one is
    /// @return epoch that it settles
    function pending() external view returns (bool exists, uint64 epoch);

    /// @notice All that an account has ever been paid.
    /// @param account that account
    /// @return how much
    function claimedBy(address account) external view returns (uint256);

    /// @notice The sums that everything is checked against.
    /// @return activated total of the active root
    /// @return minted emission that was minted
    /// @return funded tokens that were paid in
    /// @return claimed tokens that were paid out
    function totals() external view returns (uint256 activated, uint256 minted, uint256 funded, uint256 claimed);
}
