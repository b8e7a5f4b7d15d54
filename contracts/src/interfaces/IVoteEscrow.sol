// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Locks tokens for gm tokens, which stake and vote.
/// @notice gm tokens move between an account and the arena's own contracts only. Votes (ERC-5805) follow the locks'
/// owner, also while the gm tokens are staked or delegated.
interface IVoteEscrow {
    /// @notice What an open lock holds.
    /// @param owner who locked
    /// @param amount tokens locked
    /// @param gm gm tokens minted for them and not burned yet
    /// @param endsAt unix second from which it can be unlocked
    /// @param previous the next older open lock of the owner, 0 for none
    /// @param next the next newer open lock of the owner, 0 for none
    struct Lock {
        address owner;
        uint128 amount;
        uint128 gm;
        uint64 endsAt;
        uint64 previous;
        uint64 next;
    }

    /// @notice Less than what is worth a lock, or a parameter of zero.
    /// @param amount that was asked for
    /// @param minimum that is needed
    error AmountTooSmall(uint256 amount, uint256 minimum);
    /// @notice Longer than a lock may last.
    /// @param periods that were asked for
    /// @param maximum that is allowed
    error TermTooLong(uint256 periods, uint256 maximum);
    /// @notice The account has as many open locks as it may have.
    /// @param account that account
    error TooManyLocks(address account);
    /// @notice The lock is closed, or another's.
    /// @param lock its id
    error NotYourLock(uint64 lock);
    /// @notice The term is not over.
    /// @param lock its id
    /// @param endsAt unix second at which it is
    error StillLocked(uint64 lock, uint64 endsAt);
    /// @notice The gm tokens of the lock are staked or delegated: take them back first.
    /// @param account that unlocks
    /// @param free gm tokens that it has at hand
    /// @param needed gm tokens of the lock
    error GmInUse(address account, uint256 free, uint256 needed);
    /// @notice gm tokens are taken by a registered contract and given back to their owner; nothing else moves them.
    /// @param from who has them
    /// @param to who would have got them
    error NotTransferable(address from, address to);
    /// @notice Only a registered contract slashes.
    /// @param caller who tried to
    error NotRegistered(address caller);
    /// @notice The caller holds less for the account than it would slash.
    /// @param account that would be slashed
    /// @param asked gm tokens to slash
    error NotEnoughLocked(address account, uint256 asked);
    /// @notice The token took a fee on the way: such tokens are refused.
    /// @param expected what was sent
    /// @param received what arrived
    error ShortTransfer(uint256 expected, uint256 received);

    /// @notice A lock was opened, closed or cut by a slash. Amounts are deltas and new totals over all locks of the account.
    /// @param account owner of the lock
    /// @param lock its id
    /// @param lockedDelta tokens that went in (or out, below zero)
    /// @param lockedTotal tokens in all locks of the account from now on
    /// @param gmDelta gm tokens that were minted (or burned, below zero)
    /// @param gmTotal gm tokens of all locks of the account from now on
    /// @param endsAt unix second from which the lock can be unlocked
    event LockChanged(
        address indexed account,
        uint64 indexed lock,
        int256 lockedDelta,
        uint256 lockedTotal,
        int256 gmDelta,
        uint256 gmTotal,
        uint64 endsAt
    );
    /// @notice A contract may take gm tokens and slash them, or no longer.
    /// @param account that contract
    /// @param registered whether it may
    event ContractRegistered(address indexed account, bool registered);
    /// @notice Locks opened from now on hold at least so much.
    /// @param amount how much
    event MinimumLockSet(uint256 amount);

    /// @notice Length of a term's unit: a day, shorter on development chains.
    function PERIOD() external view returns (uint256);

    /// @notice gm tokens for `amount` tokens locked for `periods`: n up to 30, else n + n * 219 * (min(p, 365) - 30) / 36500.
    /// @param amount tokens
    /// @param periods length of the term
    /// @return gm tokens, rounded down
    function gmFor(uint256 amount, uint256 periods) external pure returns (uint256);

    /// @notice Locks `amount` of the caller's tokens (approved or by permit before) for `periods`.
    /// @param amount tokens
    /// @param periods length of the term; 0 for a lock that can be unlocked at any time
    /// @return id of the lock
    function lock(uint128 amount, uint32 periods) external returns (uint64 id);

    /// @notice Closes a lock whose term is over: burns its gm tokens, returns its tokens.
    /// @param id of the lock
    function unlock(uint64 id) external;

    /// @notice By a registered contract that holds gm tokens of `account`: burns `gm` of them, cuts the account's locks,
    /// oldest first, and sends the matching tokens to the caller.
    /// @param account that is slashed
    /// @param gm how many gm tokens
    /// @return released tokens sent to the caller; what the division leaves over stays in the lock that it cut
    function slash(address account, uint256 gm) external returns (uint256 released);

    /// @notice Lets a contract take gm tokens (and slash those that it holds), or no longer; by the admin. What it holds
    /// it can give back in either case.
    /// @param account the contract
    /// @param registered_ whether it may
    function setRegistered(address account, bool registered_) external;

    /// @notice Sets the smallest amount of a lock; by the admin. Open locks are not touched.
    /// @param amount in wei, at least 1
    function setMinimumLock(uint256 amount) external;

    /// @notice Smallest amount of a lock.
    function minimumLock() external view returns (uint256);

    /// @notice Whether a contract may take gm tokens and slash them.
    /// @param account the contract
    function isRegistered(address account) external view returns (bool);

    /// @notice gm tokens of `account` that `holder` took and can give back to it alone, or slash while registered.
    /// @param holder the contract
    /// @param account the owner
    function heldFor(address holder, address account) external view returns (uint256);

    /// @notice An open lock; zeros once it is closed.
    /// @param id of the lock
    function lockOf(uint64 id) external view returns (Lock memory);

    /// @notice Open locks of an account.
    /// @param account the owner
    /// @return open how many
    /// @return oldest id of the oldest, 0 for none
    /// @return newest id of the newest, 0 for none
    function locksOf(address account) external view returns (uint8 open, uint64 oldest, uint64 newest);

    /// @notice What all open locks of an account hold together.
    /// @param account the owner
    /// @return tokens locked
    /// @return gm tokens minted for them and not burned
    function lockedOf(address account) external view returns (uint256 tokens, uint256 gm);
}
