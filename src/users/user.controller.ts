import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal } from '../auth/current-principal.decorator';
import { Roles } from '../auth/roles.guard';
import { ApiAnswer, ApiNoContent } from '../common/api-answer.decorator';
import { ApiProblems } from '../common/api-problems.decorator';
import type { Principal } from '../common/principal';
import { IdPipe } from '../common/validation/id.pipe';
import type { PublicUser, User, UserPage } from '../protocol/models';
import { AccountService } from './account.service';
import { DeleteAccountDto } from './dto/delete-account.dto';
import { ListUsersQuery, USER_PAGE_DEFAULT } from './dto/list-users.query.dto';
import { SearchUsersQuery } from './dto/search-users.query.dto';
import { UpdateProfileDto } from './dto/update-profile.dto';
import { UpdateUserDto } from './dto/update-user.dto';
import { UserAdministration } from './user-administration.service';
import { UserService } from './user.service';

@ApiTags('users')
@ApiBearerAuth()
@Controller('users')
export class UserController {
  constructor(
    private readonly users: UserService,
    private readonly accounts: AccountService,
    private readonly administration: UserAdministration,
  ) {}

  /** All accounts by id, for administrators. */
  @Get()
  @Roles('admin')
  @ApiAnswer(200, 'UserPage', 'A page of accounts')
  @ApiProblems('forbidden')
  list(@Query() { cursor = 0, limit = USER_PAGE_DEFAULT, search }: ListUsersQuery): Promise<UserPage> {
    return this.administration.list({ cursor, limit, search });
  }

  /** Up to 20 active users, for mentions and direct messages. */
  @Get('search')
  @ApiAnswer(200, 'PublicUserList', 'Their public profiles, by user name')
  search(@Query() { q }: SearchUsersQuery): Promise<PublicUser[]> {
    return this.users.search(q);
  }

  /** Changes your profile. */
  @Patch('me')
  @ApiAnswer(200, 'User', 'Your account as it is now')
  @ApiProblems('username_taken', 'email_taken')
  changeProfile(
    @CurrentPrincipal() principal: Principal,
    @Body() { display_name: displayName, avatar_url: avatarUrl, ...body }: UpdateProfileDto,
  ): Promise<User> {
    return this.users.changeProfile(principal.userId, { ...body, displayName, avatarUrl });
  }

  /**
   * Deletes your account. Its messages stay, as those of a "deleted user".
   *
   * A wrong password is 403, not 401: you stay logged in.
   */
  @Delete('me')
  @HttpCode(204)
  @ApiNoContent('Deleted')
  @ApiProblems('forbidden', 'last_admin', 'rate_limited', 'server_busy')
  deleteAccount(@CurrentPrincipal() principal: Principal, @Body() body: DeleteAccountDto): Promise<void> {
    return this.accounts.remove(principal, body.password);
  }

  /** A user's public profile. */
  @Get(':id')
  @ApiAnswer(200, 'PublicUser', 'The profile')
  @ApiProblems('user_not_found')
  get(@Param('id', IdPipe) id: number): Promise<PublicUser> {
    return this.users.getPublicUser(id);
  }

  /** Changes an account, as an administrator. The last active administrator has to stay one. */
  @Patch(':id')
  @Roles('admin')
  @ApiAnswer(200, 'User', 'The account as it is now')
  @ApiProblems('forbidden', 'user_not_found', 'last_admin')
  change(
    @CurrentPrincipal() principal: Principal,
    @Param('id', IdPipe) id: number,
    @Body() { role, is_active: isActive, reason = null }: UpdateUserDto,
  ): Promise<User> {
    return this.administration.change(principal, id, { role, isActive }, reason);
  }
}
